using System.Diagnostics;
using ImageEditor.AppHost.Local.Postgres;
using ImageEditor.AppHost.Tests.Support;

namespace ImageEditor.AppHost.Tests.Local.Postgres;

/// <summary>The lock file of a server that runs is respected; that of one that is gone is not.</summary>
public sealed class LeftOversTests
{
    private const string NoCluster = "no-cluster-of-this-name";

    [Fact]
    public async Task ClearAsync_WhileTheServerRuns_RefusesAndLeavesTheFile()
    {
        using var data = new TemporaryFolder();
        await using var app = await TestApplication.StartAsync(
            builder => builder.AddPostgresProcess("server"), $"--Local:DataDirectory={data.Path}");
        await app.HealthyAsync("server");
        var folder = Path.Combine(data.Path, "server", "data");
        var file = Path.Combine(folder, "postmaster.pid");
        var server = File.ReadLines(file).First();

        var refused = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => LeftOvers.ClearAsync(folder, NoCluster, TimeSpan.Zero, TestContext.Current.CancellationToken));
        Assert.Contains($"process {server}", refused.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(file));

        // The same process id, but of a server that started at another time.
        await ClearsAsync($"{server}\n/data\n{DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeSeconds()}\n5432\n");
    }

    [Fact]
    public async Task ClearAsync_OfAProcessIdThatAnotherProgramHasNow_RemovesTheFile()
    {
        using var self = Process.GetCurrentProcess();
        var start = new DateTimeOffset(self.StartTime.ToUniversalTime()).ToUnixTimeSeconds();

        await ClearsAsync($"{self.Id}\n/data\n{start}\n5432\n");
    }

    [Theory]
    [InlineData("")]
    [InlineData("4194304\n/data\n1795403334\n5432\n")]
    [InlineData("not a number\n\n\n")]
    public async Task ClearAsync_OfNobody_RemovesTheFile(string content) => await ClearsAsync(content);

    private static async Task ClearsAsync(string content)
    {
        using var data = new TemporaryFolder();
        var file = Path.Combine(data.Path, "postmaster.pid");
        await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);

        await LeftOvers.ClearAsync(data.Path, NoCluster, TimeSpan.Zero, TestContext.Current.CancellationToken);

        Assert.False(File.Exists(file));
    }
}
