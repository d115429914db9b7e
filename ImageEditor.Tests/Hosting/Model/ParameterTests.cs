using ImageEditor.Tests.Hosting.Support;

namespace ImageEditor.Tests.Hosting.Model;

public sealed class ParameterTests
{
    [Fact]
    public async Task AddParameter_GeneratedAndPersisted_IsKeptForItsOwnerOnly()
    {
        var folder = Directory.CreateTempSubdirectory("kept-").FullName;
        try
        {
            var first = await SecretAsync(folder);
            var second = await SecretAsync(folder);

            Assert.Equal(43, first.Length);
            Assert.Equal(first, second);
            if (OperatingSystem.IsWindows())
            {
                return;
            }

            var file = Path.Combine(folder, "secrets", "key");
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(file)!));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void GetDefaultValue_WithMinima_HoldsThem()
    {
        var value = new GenerateParameterDefault { MinLength = 30, Upper = false, Special = false, MinNumeric = 25 }.GetDefaultValue();

        Assert.Equal(30, value.Length);
        Assert.True(value.Count(char.IsAsciiDigit) >= 25);
        Assert.All(value, character => Assert.True(char.IsAsciiDigit(character) || char.IsAsciiLetterLower(character)));
    }

    [Fact]
    public async Task AddConnectionString_OptionalAndMissing_SetsNothing_AndWithAValueSetsItsVariable()
    {
        await using var app = await TestApplication.StartAsync(
            builder =>
            {
                var missing = builder.AddConnectionString("missing");
                var there = builder.AddConnectionString("there", "THERE_URL");
                builder.AddService("one").WithReference(missing, optional: true).WithReference(there);
            },
            Models.Empty,
            "--ConnectionStrings:there=somewhere");
        await app.HealthyAsync("one");

        var environment = await app.EnvironmentOfAsync("one");
        Assert.DoesNotContain("ConnectionStrings__missing", environment.Keys);
        Assert.Equal("somewhere", environment["THERE_URL"]);
    }

    private static async Task<string> SecretAsync(string folder)
    {
        await using var app = await TestApplication.StartAsync(
            builder => builder.AddService("one").WithEnvironment(
                "KEY", builder.AddParameter("key", new GenerateParameterDefault { MinLength = 43, Special = false }, secret: true, persist: true)),
            Models.Empty,
            $"--Hosting:DataDirectory={folder}");
        await app.HealthyAsync("one");
        return (await app.EnvironmentOfAsync("one"))["KEY"];
    }
}
