using System.Net;
using System.Net.Sockets;
using ImageEditor.AppHost.Configuration;
using ImageEditor.AppHost.Tests.Support;

namespace ImageEditor.AppHost.Tests.Local;

/// <summary>What keeps the AppHost from starting, said in a sentence; and what settings change.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task Start_WithASettingForNoResource_FailsAndNamesThoseThereAre()
    {
        var refused = await TestApplication.RefusedAsync(
            builder => builder.AddExecutable("sleeper", "sleep", "/", "1000"), "--Settings:slepper:Naps=2");

        Assert.Equal("The setting 'Settings:slepper' is for nothing: there is no 'slepper'. There are sleeper.", refused);
    }

    [Fact]
    public async Task Start_WithASetting_HandsItToTheResourcesEnvironment()
    {
        using var notes = new TemporaryFolder();
        var file = Path.Combine(notes.Path, "environment");
        await using var app = await TestApplication.StartAsync(
            builder =>
            {
                builder.AddExecutable("one", "sh", "/", "-c", $"env > {file}.one; sleep 1000");
                builder.AddExecutable("other", "sh", "/", "-c", $"env > {file}.other; sleep 1000");
            },
            "--Settings:one:Limits:SubmissionsPerSecond=1000",
            "--Settings:one:Plain=yes");

        await Until.TrueAsync(
            "both have started",
            TestApplication.Limit,
            () => Task.FromResult(Written($"{file}.one") && Written($"{file}.other")),
            TestContext.Current.CancellationToken);

        var one = File.ReadAllLines($"{file}.one");
        Assert.Contains("Limits__SubmissionsPerSecond=1000", one);
        Assert.Contains("Plain=yes", one);
        Assert.DoesNotContain(File.ReadAllLines($"{file}.other"), line => line.Contains("SubmissionsPerSecond", StringComparison.Ordinal));

        static bool Written(string path) => File.Exists(path) && new FileInfo(path).Length > 0;
    }

    /// <summary>A converter takes 64 MB without being told: two pictures of 20 MB, but not two of 40.</summary>
    [Theory]
    [InlineData(20_000_000, null)]
    [InlineData(40_000_000, "Converter__MaxInputBytes=80065536")]
    public async Task Start_WithLargerPictures_HasConvertersTakeThem(int bytes, string? expected)
    {
        using var notes = new TemporaryFolder();
        var file = Path.Combine(notes.Path, "environment");
        await using var app = await TestApplication.StartAsync(
            builder => builder.AddExecutable("one", "sh", "/", "-c", $"env > {file}; sleep 1000").WithInputSize(),
            $"--Pictures:MaxBytes={bytes}");

        await Until.TrueAsync(
            "it has started",
            TestApplication.Limit,
            () => Task.FromResult(File.Exists(file) && new FileInfo(file).Length > 0),
            TestContext.Current.CancellationToken);

        Assert.Equal(
            expected, File.ReadAllLines(file).SingleOrDefault(line => line.StartsWith("Converter__MaxInputBytes", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::")]
    public async Task Start_OnAPortInUse_FailsAndNamesItAndTheSetting(string address)
    {
        using var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var refused = await TestApplication.RefusedAsync(
            builder => builder.AddExecutable("front", "sleep", "/", "1000").WithHttpEndpoint(port: 1, isProxied: false),
            $"--Ports:front:http={port}");

        Assert.Contains($"Port {port} of resource 'front' (endpoint 'http') is in use.", refused, StringComparison.Ordinal);
        Assert.Contains("--Ports:front:http=NUMBER", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnDataInUse_FailsAndNamesIt()
    {
        using var data = new TemporaryFolder();
        await using var first = await TestApplication.StartAsync(_ => { }, $"--Local:DataDirectory={data.Path}");

        var refused = await TestApplication.RefusedAsync(_ => { }, $"--Local:DataDirectory={data.Path}");

        Assert.Contains($"'{data.Path}' is in use", refused, StringComparison.Ordinal);
    }
}
