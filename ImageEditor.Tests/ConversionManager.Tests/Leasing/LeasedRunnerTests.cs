using System.Collections.Concurrent;
using ImageEditor.ConversionManager.Leasing;

namespace ImageEditor.ConversionManager.Tests.Leasing;

public sealed class LeasedRunnerTests : IDisposable
{
    private readonly CancellationTokenSource _abort = new();
    private readonly FakeLeases _leases = new();
    private readonly Claim _claim = new() { JobId = "p0-0123", Attempt = 1, Converter = "contrast", HeartbeatSeconds = 0.01 };

    public void Dispose()
    {
        _leases.Dispose();
        _abort.Dispose();
    }

    [Fact]
    public async Task Run_WorkThatEnds_ReportsNothingMore()
    {
        var runner = NewRunner((_, _) => Task.FromResult(true));

        await runner.RunAsync(_claim, _abort.Token);

        Assert.Empty(runner.Events);
    }

    [Fact]
    public async Task Run_WorkThatFindsTheLeaseLost_LogsIt()
    {
        var runner = NewRunner((_, _) => Task.FromResult(false));

        await runner.RunAsync(_claim, _abort.Token);

        Assert.Equal(["lease lost"], runner.Events);
    }

    [Fact]
    public async Task Run_Aborted_ReleasesTheWork()
    {
        var runner = NewRunner(WaitAsync);
        var run = runner.RunAsync(_claim, _abort.Token);

        await _abort.CancelAsync();
        await run;

        Assert.Equal(["released"], runner.Events);
    }

    [Fact]
    public async Task Run_LeaseLostAtARenewal_StopsTheWorkWithoutAReport()
    {
        _leases.Answer = leases => [.. Enumerable.Range(0, leases.Count)];
        var runner = NewRunner(WaitAsync);
        await using var keeping = _leases.Keep();

        await runner.RunAsync(_claim, _abort.Token);

        Assert.Equal(["lease lost"], runner.Events);
    }

    [Fact]
    public async Task Run_WorkThatThrows_ReportsACrash()
    {
        var runner = NewRunner((_, _) => throw new InvalidOperationException("A fault."));

        await runner.RunAsync(_claim, _abort.Token);

        Assert.Equal(["crashed: A fault."], runner.Events);
    }

    [Fact]
    public async Task Run_Progress_IsReportedWithARenewal()
    {
        var reported = new TaskCompletionSource<bool>();
        _leases.Answer = leases =>
        {
            if (leases is [{ Progress.Value: 0.4 }])
            {
                reported.TrySetResult(true);
            }

            return [];
        };
        var runner = NewRunner((progress, _) =>
        {
            progress.Report(0.4);
            return reported.Task;
        });
        await using var keeping = _leases.Keep();

        await runner.RunAsync(_claim, _abort.Token);

        Assert.Empty(runner.Events);
    }

    private Runner NewRunner(Func<AttemptProgress, CancellationToken, Task<bool>> work) => new(_leases.Keeper, work);

    private static async Task<bool> WaitAsync(AttemptProgress progress, CancellationToken stop)
    {
        await Task.Delay(Timeout.Infinite, stop);
        return true;
    }

    private sealed record Claim : LeaseClaim;

    private sealed class Runner(LeaseKeeper keeper, Func<AttemptProgress, CancellationToken, Task<bool>> work)
        : LeasedRunner<Claim>("test", "test.attempt", LeaseKind.Job, keeper, TimeProvider.System)
    {
        public ConcurrentQueue<string> Events { get; } = [];

        protected override Task<bool> WorkAsync(Claim claim, AttemptProgress progress, CancellationToken stop) => work(progress, stop);

        protected override Task ReleaseAsync(Claim claim)
        {
            Events.Enqueue("released");
            return Task.CompletedTask;
        }

        protected override Task ReportCrashAsync(Claim claim, Exception exception)
        {
            Events.Enqueue($"crashed: {exception.Message}");
            return Task.CompletedTask;
        }

        protected override void LogLeaseLost(Claim claim) => Events.Enqueue("lease lost");
    }
}
