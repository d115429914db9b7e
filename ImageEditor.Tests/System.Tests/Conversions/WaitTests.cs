using System.Diagnostics;
using System.Net;
using System.Text;
using ImageEditor.SystemTests.Support;
using ImageEditor.Testing.Systems;

namespace ImageEditor.SystemTests.Conversions;

/// <summary>Pictures that are handed in with <c>Prefer: wait</c>, whatever happens to processes and clients meanwhile.</summary>
public sealed class WaitTests(WaitTests.System system) : IClassFixture<WaitTests.System>, IAsyncLifetime
{
    private const int MostWaiters = 20;

    /// <summary>Far less than the longest wait, and enough on a busy machine.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(12);

    private readonly ImageEditorApp _app = system.App;
    private readonly byte[] _picture = Pictures.Png(16, 12, Random.Shared.Next());
    private readonly string _key = Guid.NewGuid().ToString("N");
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
    public async Task Submit_WithAWait_IsWhatGetAnswers()
    {
        var answer = await WaitAsync("converter=slow&answer=progress");

        AssertDone(answer);
        Assert.Equal("wait=30", answer.Headers["Preference-Applied"]);
        var get = await _client.GetJobAsync(JobIdOf(answer), Cancelled);
        AssertSame(get, answer);
        foreach (var header in (string[])["X-Result-Info", "X-Content-Type-Options", "Content-Security-Policy", "Cache-Control", "Content-Length"])
        {
            Assert.Equal(get.Headers[header], answer.Headers[header]);
        }
    }

    [Fact]
    public async Task Submit_APhotoWithAWait_IsTheUndisturbedResult()
    {
        var photo = Photos.Read("rocket.jpg");
        var undisturbed = await _client.WaitForEndAsync(await _client.SubmitAsync("converter=contrast&amount=40", photo, Cancelled), Cancelled);

        var answer = await _client.SubmitAndWaitAsync("converter=contrast&amount=40", photo, "wait=30", cancellationToken: Cancelled);

        AssertSame(undisturbed, answer);
    }

    [Fact]
    public async Task Submit_WhoseJobFails_IsItsProblem()
    {
        var answer = await WaitAsync("converter=slow&answer=unprocessable");

        Problems.AssertProblem(answer, HttpStatusCode.UnprocessableEntity, "not-decodable");
        AssertSame(await _client.GetJobAsync(JobIdOf(answer), Cancelled), answer);
    }

    [Theory]
    [InlineData("wait=0", "wait=0")]
    [InlineData("wait=-1", null)]
    [InlineData("wait=soon", null)]
    public async Task Submit_WithoutATimeToWait_IsAccepted(string prefer, string? applied)
    {
        var answer = await _client.SubmitAndWaitAsync("converter=slow&ms=0", _picture, prefer, cancellationToken: Cancelled);

        AssertAccepted(answer, applied);
        AssertDone(await _client.WaitForEndAsync(JobIdOf(answer), Cancelled));
    }

    [Fact]
    public async Task Submit_WhoseTimeIsOver_IsAcceptedAndTheJobGoesOn()
    {
        var watch = Stopwatch.StartNew();

        var answer = await _client.SubmitAndWaitAsync("converter=slow&ms=4000", _picture, "wait=1", cancellationToken: Cancelled);

        AssertAccepted(answer, "wait=1");
        Assert.True(watch.Elapsed >= TimeSpan.FromSeconds(0.9), $"It took {watch.Elapsed}.");
        AssertDone(await _client.WaitForEndAsync(JobIdOf(answer), Cancelled));
    }

    /// <remarks>Nothing on the way may take so long a silence for a dead connection.</remarks>
    [Fact]
    public async Task Submit_WithTheLongestWait_IsAcceptedWhenItIsOver()
    {
        var answer = await WaitAsync("converter=slow&ms=600000");

        AssertAccepted(answer, "wait=30");
        Assert.Equal(HttpStatusCode.NoContent, await _client.DeleteAsync(JobIdOf(answer), Cancelled));
    }

    [Fact]
    public async Task Cancel_WhileWaiting_IsGone()
    {
        var (id, waiting) = await WaitForARunningJobAsync("converter=slow&ms=60000");

        Assert.Equal(HttpStatusCode.NoContent, await _client.DeleteAsync(id, Cancelled));

        Problems.AssertProblem(await waiting, HttpStatusCode.Gone, "job-cancelled");
    }

    [Fact]
    public async Task HangUp_WhileWaiting_LeavesTheJob()
    {
        var before = await _app.FakeConverterCallsAsync();
        using var own = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var waiting = _client.SubmitAndWaitAsync("converter=slow&ms=3000", _picture, "wait=30", _key, own.Token);
        await Until.TrueAsync("the converter works", Soon, async () => (await _app.FakeConverterCallsAsync()).Started > before.Started, Cancelled);

        await own.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        AssertDone(await WaitAsync("converter=slow&ms=3000"));
        var after = await _app.FakeConverterCallsAsync();
        Assert.Equal((1, 0), (after.Started - before.Started, after.Abandoned - before.Abandoned));
    }

    [Fact]
    public async Task Repeat_OfAKeyWhileTheFirstWaits_IsTheSameJobAndPicture()
    {
        var before = await _app.FakeConverterCallsAsync();
        var (id, first) = await WaitForARunningJobAsync("converter=slow&ms=2000");

        var second = await WaitAsync("converter=slow&ms=2000");
        var third = await WaitAsync("converter=slow&ms=2000");

        Assert.Equal([id, id, id], [JobIdOf(await first), JobIdOf(second), JobIdOf(third)]);
        AssertDone(second);
        AssertSame(await first, second);
        AssertSame(await first, third);
        Assert.Equal(1, (await _app.FakeConverterCallsAsync()).Started - before.Started);
    }

    [Fact]
    public async Task Submit_TheTwentyFirstWaiterOfAnAddress_IsAcceptedAtOnce()
    {
        // They all wait for one job, whose end this test decides.
        var query = "converter=slow&ms=60000";
        var id = await _client.SubmitUntilAcceptedAsync(query, _picture, _key, Cancelled);
        var waiting = Enumerable.Range(0, MostWaiters + 1).Select(_ => WaitOnceTakenAsync(query, "wait=30", () => Task.FromResult(false))).ToList();

        var turnedAway = await await Task.WhenAny(waiting);

        AssertAccepted(turnedAway, applied: null);
        Assert.Equal(1, waiting.Count(wait => wait.IsCompleted));
        await _client.DeleteAsync(id, Cancelled);
        var answers = await Task.WhenAll(waiting);
        Assert.Equal(MostWaiters, answers.Count(answer => answer.Status == HttpStatusCode.Gone));
    }

    [Fact]
    public async Task Stop_TheConversionManager_AnswersItsWaitersAtOnce()
    {
        var both = await _app.WithOneConversionManagerAsync(Cancelled);
        var (id, waiting) = await WaitForARunningJobAsync("converter=slow&ms=8000");
        await _app.StartResourceAsync(both.Stopped.Id, Cancelled);
        var watch = Stopwatch.StartNew();

        var stop = _app.StopAsync(both.Running.Id, Cancelled);

        AssertAccepted(await waiting, applied: null);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(6), $"It took {watch.Elapsed}.");
        await stop;
        AssertDone(await _client.WaitForEndAsync(id, Cancelled));
    }

    [Fact]
    public async Task Kill_TheConversionManagerBetweenAcceptingAndAnswering_TheRepeatMeetsTheJob()
    {
        var both = await _app.WithOneConversionManagerAsync(Cancelled);
        var (id, waiting) = await WaitForARunningJobAsync("converter=slow&ms=3000");
        await _app.StartResourceAsync(both.Stopped.Id, Cancelled);

        Signals.KillProcess(both.Running.ProcessId);

        Problems.AssertProblem(await waiting, HttpStatusCode.ServiceUnavailable, "unavailable");
        var again = await RepeatAsync("converter=slow&ms=3000");
        AssertDone(again);
        Assert.Equal(id, JobIdOf(again));
    }

    [Theory]
    [InlineData("job-manager", 0)]
    [InlineData("job-manager", 1)]
    [InlineData("job-store", 0)]
    [InlineData("slow", 0)]
    public async Task Kill_WhatTheJobNeedsWhileWaiting_TheWaitGoesOn(string resource, int replica)
    {
        var (id, waiting) = await WaitForARunningJobAsync("converter=slow&ms=3000");

        await _app.KillAsync(resource, replica);

        var answer = await waiting;
        AssertDone(answer);
        Assert.Equal(id, JobIdOf(answer));
    }

    [Fact]
    public async Task Stop_EveryJobManagerWhileWaiting_IsAcceptedWhenTheTimeIsOver()
    {
        const string query = "converter=slow&ms=12000";
        var (id, waiting) = await WaitForARunningJobAsync(query, "wait=20");

        var stopped = await _app.StopAllAsync("job-manager", Cancelled);
        var answer = await waiting;
        await _app.StartAllAsync(stopped, Cancelled);

        AssertAccepted(answer, "wait=20");
        Assert.Equal(id, JobIdOf(answer));
        AssertDone(await RepeatAsync(query));
    }

    [Fact]
    public async Task Wait_WithoutStorageManager_IsTheImageAndTheSaveCatchesUp()
    {
        using var user = _app.CreateClient();
        await user.SignUpAsync(Cancelled);
        var stopped = await _app.StopAllAsync("storage-manager", Cancelled);

        var answer = await user.SubmitAndWaitAsync("converter=grayscale", _picture, "wait=30", _key, Cancelled);

        AssertDone(answer);
        await _app.StartAllAsync(stopped, Cancelled);
        await user.WaitForPictureAsync(JobIdOf(answer), Cancelled);
    }

    [Fact]
    public async Task Stop_TheGateway_LetsAWaitEnd()
    {
        var (_, waiting) = await WaitForARunningJobAsync("converter=slow&ms=4000");

        var gateway = Assert.Single(await _app.ReplicasAsync("gateway"));
        Signals.TerminateProcess(gateway.ProcessId);

        AssertDone(await waiting);
        await Until.TrueAsync(
            "the gateway has ended and is back", TimeSpan.FromMinutes(1),
            () => Task.FromResult(_app.RunningReplicas("gateway").Any(replica => replica.ProcessId != gateway.ProcessId)), Cancelled);
    }

    private Task<Answer> WaitAsync(string query) => _client.SubmitAndWaitAsync(query, _picture, "wait=30", _key, Cancelled);

    /// <summary>Does what a client does that was answered 503 or 202: it sends the same again.</summary>
    private async Task<Answer> RepeatAsync(string query)
    {
        Answer answer = null!;
        await Until.TrueAsync("the job's end is answered", TimeSpan.FromMinutes(1), async () =>
        {
            answer = await WaitAsync(query);
            return answer.Status is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.Accepted);
        }, Cancelled);
        return answer;
    }

    /// <summary>Hands in a picture and waits for it.</summary>
    /// <returns>The job's id, and the wait, when the job runs.</returns>
    private async Task<(string JobId, Task<Answer> Waiting)> WaitForARunningJobAsync(string query, string prefer = "wait=30")
    {
        var before = await _app.FakeConverterCallsAsync();
        async Task<bool> IsWorkingAsync() => (await _app.FakeConverterCallsAsync()).Started > before.Started;

        var waiting = WaitOnceTakenAsync(query, prefer, IsWorkingAsync);
        await Until.TrueAsync("the converter works", TimeSpan.FromMinutes(1), IsWorkingAsync, Cancelled);
        return (await _client.SubmitUntilAcceptedAsync(query, _picture, _key, Cancelled), waiting);
    }

    /// <summary>Hands in a picture and waits. A conversion manager that has just started again may not know the converter yet: it says 503,
    /// and is asked again, unless the job runs.</summary>
    private async Task<Answer> WaitOnceTakenAsync(string query, string prefer, Func<Task<bool>> isWorking)
    {
        Answer answer = null!;
        await Until.TrueAsync("the picture is taken", TimeSpan.FromMinutes(1), async () =>
        {
            answer = await _client.SubmitAndWaitAsync(query, _picture, prefer, _key, Cancelled);
            return answer.Status != HttpStatusCode.ServiceUnavailable || await isWorking();
        }, Cancelled);
        return answer;
    }

    private static string JobIdOf(Answer answer) => answer.Headers["Location"]["/api/jobs/".Length..];

    private static void AssertDone(Answer answer)
    {
        Assert.True(answer.Status == HttpStatusCode.OK, $"{(int)answer.Status} {Encoding.UTF8.GetString(answer.Body)}");
        Assert.StartsWith("image/", answer.ContentType, StringComparison.Ordinal);
    }

    private static void AssertAccepted(Answer answer, string? applied)
    {
        Assert.True(answer.Status == HttpStatusCode.Accepted, $"{(int)answer.Status} {Encoding.UTF8.GetString(answer.Body)}");
        Assert.Equal("1", answer.Headers["Retry-After"]);
        Assert.StartsWith("p0-", JobIdOf(answer), StringComparison.Ordinal);
        Assert.Equal(applied, answer.Headers.GetValueOrDefault("Preference-Applied"));
    }

    private static void AssertSame(Answer expected, Answer answer)
    {
        Assert.Equal((expected.Status, expected.ContentType), (answer.Status, answer.ContentType));
        Assert.Equal(expected.Body, answer.Body);
    }

    /// <summary>The Gateway has as much time to stop as where the AppHost is not there to cut it short.</summary>
    public sealed class System() : SharedSystem("redis", new Dictionary<string, string> { ["gateway/shutdownTimeoutSeconds"] = "40" });
}
