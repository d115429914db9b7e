using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.JobManager.Tests.Jobs;

/// <summary>Who waits for a job at one replica is answered as soon as it has ended at another one.</summary>
public sealed class JobOutcomesTests(StoreServers servers)
{
    private const string LongWait = "?waitMilliseconds=30000";

    /// <summary>Less than a waiter's look without a message.</summary>
    private static readonly TimeSpan ByMessage = TimeSpan.FromSeconds(4);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Wait_ForAJobThatIsDoneMeanwhile_IsItsImageAsGetAnswersIt(StoreKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var store = await TestStore.OpenAsync(server);
        await using var first = await JobManagerProcess.StartAsync(server);
        await using var second = await JobManagerProcess.StartAsync(server);
        var (id, result) = (TestStore.NewId(), TestStore.Image("result", 3_000_000));
        (await first.CreateAsync(id, TestStore.Image("input", 100))).Dispose();
        await second.ClaimAsync();
        var waiting = Enumerable.Range(0, 3).Select(_ => first.Http.GetAsync($"/jobs/{id}/outcome{LongWait}", Cancellation)).ToArray();
        await HasWaitersAsync(first, id);
        await second.RenewAsync(id, 1, 0.5);
        Assert.All(waiting, wait => Assert.False(wait.IsCompleted));

        var watch = Stopwatch.StartNew();
        Assert.Equal(HttpStatusCode.NoContent, await second.CompleteAsync(id, 1, result));

        foreach (var answer in await Task.WhenAll(waiting))
        {
            using (answer)
            {
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                Assert.Equal(result, await answer.Content.ReadAsByteArrayAsync(Cancellation));
                Assert.Equal("{\"faces\":2}", Assert.Single(answer.Headers.GetValues("X-Result-Info")));
                Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
                Assert.Equal("sandbox", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
                Assert.True(answer.Headers.CacheControl!.NoStore);
            }
        }

        Assert.True(watch.Elapsed < ByMessage, $"It took {watch.Elapsed}.");
    }

    [Fact]
    public async Task Wait_ForAJobThatFailsOrIsCancelled_IsItsProblem()
    {
        var server = await servers.GetAsync(StoreKind.Redis);
        await using var store = await TestStore.OpenAsync(server);
        await using var manager = await JobManagerProcess.StartAsync(server);
        var (failed, cancelled) = (TestStore.NewId(), TestStore.NewId());
        (await manager.CreateAsync(failed, TestStore.Image("failed", 100))).Dispose();
        await manager.ClaimAsync();
        (await manager.CreateAsync(cancelled, TestStore.Image("cancelled", 100))).Dispose();
        var (failure, cancellation) = (WaitAsync(manager, failed, LongWait), WaitAsync(manager, cancelled, LongWait));
        await HasWaitersAsync(manager, failed);
        await HasWaitersAsync(manager, cancelled);

        await manager.FailAsync(failed, 1, new { kind = "final", status = 422, type = "urn:test", title = "Test", detail = "Because." });
        (await manager.Http.DeleteAsync($"/api/jobs/{cancelled}", Cancellation)).Dispose();

        var (status, problem) = await failure;
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "urn:test"), (status, problem.GetProperty("type").GetString()));
        (status, problem) = await cancellation;
        Assert.Equal((HttpStatusCode.Gone, "urn:image-editor:problem:job-cancelled"), (status, problem.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task Wait_ThatIsOverOrNeedsNone_IsAnsweredAtOnce()
    {
        var server = await servers.GetAsync(StoreKind.Redis);
        await using var store = await TestStore.OpenAsync(server);
        await using var manager = await JobManagerProcess.StartAsync(server);
        var id = TestStore.NewId();
        (await manager.CreateAsync(id, TestStore.Image("input", 100))).Dispose();
        var watch = Stopwatch.StartNew();

        foreach (var wait in (string[])["?waitMilliseconds=0", "?waitMilliseconds=-5", "?waitMilliseconds=200"])
        {
            var (status, job) = await WaitAsync(manager, id, wait);
            Assert.Equal((HttpStatusCode.Accepted, "queued"), (status, job.GetProperty("state").GetString()));
        }

        Assert.Equal(HttpStatusCode.NotFound, (await WaitAsync(manager, TestStore.NewId(), LongWait)).Status);
        Assert.True(watch.Elapsed < ByMessage, $"It took {watch.Elapsed}.");
    }

    [Fact]
    public async Task Wait_AtAReplicaThatStops_IsAnsweredAtOnceAndHeldByTheNextOne()
    {
        var server = await servers.GetAsync(StoreKind.Redis);
        await using var store = await TestStore.OpenAsync(server);
        await using var stopped = await JobManagerProcess.StartAsync(server);
        await using var next = await JobManagerProcess.StartAsync(server);
        var id = TestStore.NewId();
        (await stopped.CreateAsync(id, TestStore.Image("input", 100))).Dispose();
        var waiting = WaitAsync(stopped, id, LongWait);
        await HasWaitersAsync(stopped, id);

        Assert.Equal(0, await stopped.StopAsync());

        Assert.Equal(HttpStatusCode.Accepted, (await waiting).Status);
        var again = next.Http.GetAsync($"/jobs/{id}/outcome{LongWait}", Cancellation);
        await next.ClaimAsync();
        await next.CompleteAsync(id, 1, TestStore.Image("result", 100));
        using var answer = await again;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Wait_WhoseMessageIsLost_EndsAllTheSame()
    {
        var server = await servers.GetAsync(StoreKind.Redis);
        await using var store = await TestStore.OpenAsync(server);
        await using var manager = await JobManagerProcess.StartAsync(server);
        var id = TestStore.NewId();
        (await manager.CreateAsync(id, TestStore.Image("input", 100))).Dispose();
        var waiting = WaitAsync(manager, id, LongWait);
        await HasWaitersAsync(manager, id);
        var watch = Stopwatch.StartNew();

        // As a replica leaves it that dies between the store's answer and its message.
        var expires = await store.TimeAsync() + 100_000;
        await store.Database.HashSetAsync(StoreKeys.Job(id), [new("expires", expires), new("state", JobState.Cancelled)]);

        Assert.Equal(HttpStatusCode.Gone, (await waiting).Status);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), $"It took {watch.Elapsed}.");
    }

    [Fact]
    public async Task Wait_ForAResult_StartsItsLifeAgain()
    {
        var server = await servers.GetAsync(StoreKind.Redis);
        await using var store = await TestStore.OpenAsync(server);
        await using var manager = await JobManagerProcess.StartAsync(server);
        var id = TestStore.NewId();
        (await manager.CreateAsync(id, TestStore.Image("input", 100))).Dispose();
        await manager.ClaimAsync();
        await manager.CompleteAsync(id, 1, TestStore.Image("result", 100));
        var ended = (long)await store.Database.HashGetAsync(StoreKeys.Job(id), "ended");
        await store.Database.HashSetAsync(StoreKeys.Job(id), "expires", ended + 50_000);

        using var answer = await manager.Http.GetAsync($"/jobs/{id}/outcome{LongWait}", Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True((long)await store.Database.HashGetAsync(StoreKeys.Job(id), "expires") >= ended + 100_000);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> WaitAsync(JobManagerProcess manager, JobId id, string wait)
    {
        using var answer = await manager.Http.GetAsync($"/jobs/{id}/outcome{wait}", Cancellation);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation));
    }

    /// <summary>A call that came after those that wait has been answered: they are in the replica's hands.</summary>
    private static async Task HasWaitersAsync(JobManagerProcess manager, JobId id) =>
        Assert.Equal(HttpStatusCode.Accepted, (await WaitAsync(manager, id, "?waitMilliseconds=100")).Status);
}
