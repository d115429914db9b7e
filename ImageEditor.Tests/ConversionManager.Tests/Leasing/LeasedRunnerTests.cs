using System.Collections.Concurrent;
using ImageEditor.ConversionManager.Leasing;
using Microsoft.Extensions.Time.Testing;

namespace ImageEditor.ConversionManager.Tests.Leasing;

public sealed class LeasedRunnerTests : IDisposable
{
    private readonly CancellationTokenSource _abort = new();
    private readonly FakeTimeProvider _time = new();
    private readonly Claim _claim = new() { JobId = "p0-0123", Attempt = 1, Converter = "contrast", HeartbeatSeconds = 5 };

    public void Dispose() => _abort.Dispose();

    [Fact]
    public async Task Run_WorkThatEnds_ReportsNothingMore()
    {
        var runner = new Runner(_time, (_, _) => Task.FromResult(true));

        await runner.RunAsync(_claim, _abort.Token);

        Assert.Empty(runner.Events);
    }

    [Fact]
    public async Task Run_WorkThatFindsTheLeaseLost_LogsIt()
    {
        var runner = new Runner(_time, (_, _) => Task.FromResult(false));

        await runner.RunAsync(_claim, _abort.Token);

        Assert.Equal(["lease lost"], runner.Events);
    }

    [Fact]
    public async Task Run_Aborted_ReleasesTheWork()
    {
        var runner = new Runner(_time, WaitAsync);
        var run = runner.RunAsync(_claim, _abort.Token);

        await _abort.CancelAsync();
        await run;

        Assert.Equal(["released"], runner.Events);
    }

    [Fact]
    public async Task Run_LeaseLostAtARenewal_StopsTheWorkWithoutAReport()
    {
        var runner = new Runner(_time, WaitAsync) { Status = LeaseStatus.Lost };
        var run = runner.RunAsync(_claim, _abort.Token);
        while (!run.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await run;

        Assert.Equal(["renewed", "lease lost"], runner.Events);
    }

    [Fact]
    public async Task Run_WorkThatThrows_ReportsACrash()
    {
        var runner = new Runner(_time, (_, _) => throw new InvalidOperationException("A fault."));

        await runner.RunAsync(_claim, _abort.Token);

        Assert.Equal(["crashed: A fault."], runner.Events);
    }

    [Fact]
    public async Task Run_Progress_IsReportedWithTheNextRenewal()
    {
        var done = new TaskCompletionSource<bool>();
        var runner = new Runner(_time, (progress, _) =>
        {
            progress.Report(0.4);
            return done.Task;
        });
        var run = runner.RunAsync(_claim, _abort.Token);
        while (runner.Reported is null)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        done.SetResult(true);
        await run;

        Assert.Equal(0.4, runner.Reported);
    }

    private static async Task<bool> WaitAsync(AttemptProgress progress, CancellationToken stop)
    {
        await Task.Delay(Timeout.Infinite, stop);
        return true;
    }

    private sealed record Claim : LeaseClaim;

    private sealed class Runner(TimeProvider time, Func<AttemptProgress, CancellationToken, Task<bool>> work)
        : LeasedRunner<Claim>("test", "test.attempt", time)
    {
        public ConcurrentQueue<string> Events { get; } = [];

        public LeaseStatus Status { get; init; } = LeaseStatus.Accepted;

        /// <summary>The first progress that was reported; boxed, since another thread reads it.</summary>
        public object? Reported { get; private set; }

        protected override Task<bool> WorkAsync(Claim claim, AttemptProgress progress, CancellationToken stop) => work(progress, stop);

        protected override Task<LeaseStatus> RenewAsync(Claim claim, double? progress, CancellationToken cancellationToken)
        {
            Reported ??= progress;
            Events.Enqueue("renewed");
            return Task.FromResult(Status);
        }

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
