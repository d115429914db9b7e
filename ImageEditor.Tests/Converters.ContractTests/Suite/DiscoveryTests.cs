using ImageEditor.Converters.ContractTests.Driver;

namespace ImageEditor.Converters.ContractTests.Suite;

/// <summary>The suite finds the converters by itself: none may be missing.</summary>
public sealed class DiscoveryTests(RunningConverters running)
{
    private const string LibraryPrefix = "Converters.";

    [Fact]
    public void ProjectNames_OfTheSuite_AreAllConvertersOfTheRepository()
    {
        var converters = Path.GetDirectoryName(ConverterUnderTest.FolderOf("Contrast"))!;

        var projects = Directory.EnumerateDirectories(converters)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj"))
            .Select(project => Path.GetFileNameWithoutExtension(project))
            .Where(name => !name.StartsWith(LibraryPrefix, StringComparison.Ordinal));

        Assert.Equal(projects.Order(StringComparer.Ordinal), ConverterUnderTest.ProjectNames.Order(StringComparer.Ordinal));
    }

    /// <summary>The suite knows the converters of a program from its settings file; the program says itself what it serves.</summary>
    [Fact]
    public async Task SettingsFile_OfEachSharedProgram_NamesAllItsConverters()
    {
        var programs = ConverterUnderTest.SharedPrograms;
        Assert.NotEmpty(programs);
        foreach (var (program, names) in programs.Select(row => row.Data))
        {
            var routes = await (await running.ClientAsync(names[0])).RoutesOfTheProgramAsync();

            const string call = "/convert";
            var served = routes
                .Where(route => route.EndsWith(call, StringComparison.Ordinal))
                .Select(route => route[1..^call.Length])
                .ToList();
            Assert.True(names.Order().SequenceEqual(served.Order()), $"{program} serves {string.Join(", ", served)}.");
        }
    }

    /// <summary>The document that the Gateway shows of a converter is found below its address, as its other calls are.</summary>
    [Fact]
    public async Task OpenApi_OfEachConverterOfASharedProgram_HasItsRoutesAlone()
    {
        foreach (var name in ConverterUnderTest.SharedPrograms.SelectMany(row => row.Data.Item2))
        {
            var routes = await (await running.ClientAsync(name)).RoutesAsync();

            Assert.Equal([$"/{name}/convert", $"/{name}/descriptor"], routes.Order(StringComparer.Ordinal));
        }
    }
}
