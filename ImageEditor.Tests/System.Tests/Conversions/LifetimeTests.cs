using System.Net;
using ImageEditor.SystemTests.Support;
using ImageEditor.Testing.Systems;

namespace ImageEditor.SystemTests.Conversions;

/// <summary>How long jobs live, with shortened times.</summary>
public sealed class LifetimeTests(LifetimeTests.System system) : IClassFixture<LifetimeTests.System>, IAsyncLifetime
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly ImageEditorApp _app = system.App;
    private ImageEditorClient _client = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _app.RecoverAsync(Cancelled);
        _client = _app.CreateClient();
    }

    public ValueTask DisposeAsync()
    {
        _client?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Backlog_LongerThanAJobsLife_LosesNothing()
    {
        // Two slots and a second each: the last of these waits for twice a job's life.
        var ids = new List<string>();
        for (var number = 0; number < 16; number++)
        {
            ids.Add(await _client.SubmitAsync("converter=slow&ms=1000", Pictures.Png(8, 8, number), Cancelled));
        }

        var answers = await Task.WhenAll(ids.Select(id => _client.WaitForEndAsync(id, Cancelled)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
    }

    [Fact]
    public async Task FinishedJob_FetchedAgainAndAgain_LivesOnAndThenIsGone()
    {
        var id = await _client.SubmitAsync("converter=slow&ms=0", Pictures.Png(8, 8), Cancelled);
        Assert.Equal(HttpStatusCode.OK, (await _client.WaitForEndAsync(id, Cancelled)).Status);

        // Each fetch starts its life again, so that it is there long after its first life.
        var clock = global::System.Diagnostics.Stopwatch.StartNew();
        await Until.TrueAsync("two lives have passed", Soon, async () =>
        {
            Assert.Equal(HttpStatusCode.OK, (await _client.GetJobAsync(id, Cancelled)).Status);
            return clock.Elapsed > Life * 2;
        }, Cancelled);

        // The store tells of its end without the fetch that would put it off.
        await Until.TrueAsync("the store is empty", Soon, async () => (await _app.StoreKeysAsync(Cancelled)).Count == 0, Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetJobAsync(id, Cancelled)).Status);
    }

    [Fact]
    public async Task CancelledJob_StopsItsConverterCallAndAnswersGone()
    {
        var before = await _app.FakeConverterCallsAsync();
        var id = await _client.SubmitAsync("converter=slow&ms=60000", Pictures.Png(8, 8), Cancelled);
        await Until.TrueAsync(
            "the converter works", Soon, async () => (await _app.FakeConverterCallsAsync()).Started > before.Started, Cancelled);

        Assert.Equal(HttpStatusCode.NoContent, await _client.DeleteAsync(id, Cancelled));
        Assert.Equal(HttpStatusCode.NoContent, await _client.DeleteAsync(id, Cancelled));

        Assert.Equal(HttpStatusCode.Gone, (await _client.GetJobAsync(id, Cancelled)).Status);
        await Until.TrueAsync(
            "the converter's call is hung up",
            Soon,
            async () => (await _app.FakeConverterCallsAsync()).Abandoned > before.Abandoned,
            Cancelled);
    }

    [Fact]
    public async Task DoneJob_Deleted_IsGone()
    {
        var id = await _client.SubmitAsync("converter=slow&ms=0", Pictures.Png(8, 8), Cancelled);
        Assert.Equal(HttpStatusCode.OK, (await _client.WaitForEndAsync(id, Cancelled)).Status);

        Assert.Equal(HttpStatusCode.NoContent, await _client.DeleteAsync(id, Cancelled));

        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetJobAsync(id, Cancelled)).Status);
    }

    [Fact]
    public async Task StoppedConversionManager_GivesItsJobBackAtOnce()
    {
        var both = await _app.ReplicasAsync("conversion-manager");
        await _app.StopAsync(both[1].Id, Cancelled);
        var id = await _client.SubmitAsync("converter=slow&ms=8000", Pictures.Png(8, 8), Cancelled);
        await _client.WaitUntilRunningAsync(id, Cancelled);
        await _app.StartResourceAsync(both[1].Id, Cancelled);

        // Stopping may take longer than an ended job lives here.
        var end = _client.WaitForEndAsync(id, Cancelled);
        await _app.StopAsync(both[0].Id, Cancelled);

        Assert.Equal(HttpStatusCode.OK, (await end).Status);
    }

    public sealed class System() : SharedSystem("redis", new Dictionary<string, string>
    {
        ["job-manager/Jobs__ResultRetention"] = Life.ToString(),
        ["job-manager/Jobs__Lease"] = "00:00:03",
        ["job-manager/Jobs__Heartbeat"] = "00:00:01",
        ["job-manager/Jobs__AuditInterval"] = "00:00:02",
        ["conversion-manager/Conversions__MaxSlots"] = "1",
    });
}
