using System.Net;
using ImageEditor.SystemTests.Support;
using ImageEditor.Testing.Systems;

namespace ImageEditor.SystemTests.Failures;

/// <summary>Whatever single process dies in the middle of a job, the client that got 202 gets the undisturbed result, soon.</summary>
public abstract class LostProcessTests(SharedSystem system) : IAsyncLifetime
{
    private static readonly TimeSpan AfterTheFault = TimeSpan.FromSeconds(30);
    private static readonly byte[] Picture = Pictures.Png(40, 30, 7);

    private readonly ImageEditorApp _app = system.App;
    private ImageEditorClient _client = null!;
    private byte[] _undisturbed = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _app.RecoverAsync(Cancelled);
        _client = _app.CreateClient();
        var answer = await _client.WaitForEndAsync(await _client.SubmitAsync("converter=slow&ms=0", Picture, Cancelled), Cancelled);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        _undisturbed = answer.Body;
    }

    public ValueTask DisposeAsync()
    {
        _client?.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Kill_TheConversionManagerThatHoldsTheJob_AnotherOneFinishesIt()
    {
        var holder = await _app.WithOneConversionManagerAsync(Cancelled);
        var id = await _client.SubmitAsync("converter=slow&ms=4000", Picture, Cancelled);
        await _client.WaitUntilRunningAsync(id, Cancelled);
        await _app.StartResourceAsync(holder.Stopped.Id, Cancelled);

        Signals.KillProcess(holder.Running.ProcessId);

        await EndsWellAsync(id);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Kill_AJobManager_TheJobGoesOn(int replica)
    {
        var id = await _client.SubmitAsync("converter=slow&ms=3000", Picture, Cancelled);
        await _client.WaitUntilRunningAsync(id, Cancelled);

        await _app.KillAsync("job-manager", replica);

        await EndsWellAsync(id);
    }

    [Fact]
    public async Task Kill_TheConverter_TheJobIsTriedAgain()
    {
        var id = await _client.SubmitAsync("converter=slow&ms=3000", Picture, Cancelled);
        await _client.WaitUntilRunningAsync(id, Cancelled);

        await _app.KillAsync("slow");

        await EndsWellAsync(id);
    }

    [Fact]
    public async Task Kill_TheJobStore_TheJobGoesOn()
    {
        var id = await _client.SubmitAsync("converter=slow&ms=3000", Picture, Cancelled);
        await _client.WaitUntilRunningAsync(id, Cancelled);

        await _app.KillAsync("job-store");

        await EndsWellAsync(id);
    }

    [Fact]
    public async Task Kill_TheJobStoreWithJobsInTheQueue_AllOfThemRun()
    {
        var ids = new List<string>();
        for (var number = 0; number < 12; number++)
        {
            ids.Add(await _client.SubmitAsync("converter=slow&ms=1000", Pictures.Png(40, 30, number), Cancelled));
        }

        await _app.KillAsync("job-store");

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(AfterTheFault);
        foreach (var id in ids)
        {
            Assert.Equal(HttpStatusCode.OK, (await _client.WaitForEndAsync(id, deadline.Token)).Status);
        }
    }

    [Fact]
    public async Task Freeze_AConversionManagerPastItsLease_ItsLateResultIsRefused()
    {
        var holder = await _app.WithOneConversionManagerAsync(Cancelled);
        var id = await _client.SubmitAsync("converter=slow&ms=1500", Picture, Cancelled);
        await _client.WaitUntilRunningAsync(id, Cancelled);

        Signals.Freeze(holder.Running.ProcessId);
        await _app.StartResourceAsync(holder.Stopped.Id, Cancelled);
        Answer answer;
        try
        {
            answer = await EndsWellAsync(id);
        }
        finally
        {
            Signals.Thaw(holder.Running.ProcessId);
        }

        // The one that slept finds out that it lost the lease; what it brings changes nothing.
        var shortId = id[3..11];
        IReadOnlyList<string> log = [];
        await Until.TrueAsync("the thawed conversion manager says how its attempt ended", AfterTheFault, () =>
        {
            log =
            [
                .. _app.ReadLog(holder.Running.Id).Split('\n')
                    .Where(line => line.Contains($"Job {shortId} attempt 1", StringComparison.Ordinal)),
            ];
            return Task.FromResult(log.Count > 0);
        }, Cancelled);
        Assert.All(log, line => Assert.Matches("lease Lost|the lease is lost", line));
        var again = await _client.GetJobAsync(id, Cancelled);
        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.Equal(answer.Body, again.Body);
    }

    private async Task<Answer> EndsWellAsync(string id)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(AfterTheFault);
        var answer = await _client.WaitForEndAsync(id, deadline.Token);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(_undisturbed, answer.Body);
        return answer;
    }
}

/// <inheritdoc/>
public sealed class LostProcessOnRedisTests(LostProcessOnRedisTests.System system)
    : LostProcessTests(system), IClassFixture<LostProcessOnRedisTests.System>
{
    public sealed class System() : SharedSystem("redis");
}

/// <inheritdoc/>
public sealed class LostProcessOnGarnetTests(LostProcessOnGarnetTests.System system)
    : LostProcessTests(system), IClassFixture<LostProcessOnGarnetTests.System>
{
    public sealed class System() : SharedSystem("garnet");
}
