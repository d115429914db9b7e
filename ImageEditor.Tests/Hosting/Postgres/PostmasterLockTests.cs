using Aspire.Hosting.Postgres;
using ImageEditor.Tests.Hosting.Support;

namespace ImageEditor.Tests.Hosting.Postgres;

public sealed class PostmasterLockTests
{
    [Fact]
    public async Task ReleaseStaleAsync_WhileTheServerRuns_RefusesAndLeavesTheFile()
    {
        using var data = new TemporaryFolder();
        await using var app = await TestApplication.StartAsync(builder => builder.AddPostgres("postgres"), Models.Empty, $"--Hosting:DataDirectory={data.Path}");
        var pid = await app.HealthyReplicaAsync("postgres-0");
        var folder = Path.Combine(data.Path, "postgres", "data");

        var refused = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => new PostmasterLock(folder).ReleaseStaleAsync(TimeSpan.Zero, TestContext.Current.CancellationToken));

        Assert.Contains($"process {pid}", refused.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "postmaster.pid")));
    }

    [Fact]
    public async Task ReleaseStaleAsync_OfAProcessIdThatAnotherServerHasNow_RemovesTheFile()
    {
        using var data = new TemporaryFolder();
        await using var app = await TestApplication.StartAsync(builder => builder.AddPostgres("postgres"), Models.Empty);
        var pid = await app.HealthyReplicaAsync("postgres-0");

        await ReleaseAsync(data.Path, $"{pid}\n/data\n{DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeSeconds()}\n5432\n");
    }

    [Fact]
    public async Task ReleaseStaleAsync_OfAProcessIdThatAnotherProgramHasNow_RemovesTheFile()
    {
        using var data = new TemporaryFolder();
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        var start = new DateTimeOffset(self.StartTime.ToUniversalTime()).ToUnixTimeSeconds();

        await ReleaseAsync(data.Path, $"{self.Id}\n/data\n{start}\n5432\n");
    }

    [Theory]
    [InlineData("")]
    [InlineData("4194304\n/data\n1795403334\n5432\n")]
    [InlineData("not a number\n\n\n")]
    public async Task ReleaseStaleAsync_OfNobody_RemovesTheFile(string content)
    {
        using var data = new TemporaryFolder();

        await ReleaseAsync(data.Path, content);
    }

    private static async Task ReleaseAsync(string folder, string content)
    {
        var file = Path.Combine(folder, "postmaster.pid");
        await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);

        await new PostmasterLock(folder).ReleaseStaleAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);

        Assert.False(File.Exists(file));
    }
}
