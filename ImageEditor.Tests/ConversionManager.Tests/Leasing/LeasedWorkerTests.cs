using System.Collections.Concurrent;
using ImageEditor.ConversionManager.Leasing;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Tests.Leasing;

public sealed class LeasedWorkerTests
{
    private static readonly TimeSpan TestTimeout = TimeSpan.FromSeconds(10);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Claim_WithoutAResponse_IsRepeatedWithTheSameToken()
    {
        using var worker = new Worker((wait, call, cancellationToken) => call switch
        {
            0 => throw new HttpRequestException("No response."),
            1 => NewClaim(),
            _ => PollAsync(wait, cancellationToken),
        });

        await worker.RunUntilAsync(worker.AskedTimesAsync(2));

        Assert.Equal(worker.Tokens[0], worker.Tokens[1]);
        Assert.Contains("claim failed: No response.", worker.Events);
    }

    [Fact]
    public async Task Claim_AfterOneThatWasRun_HasANewToken()
    {
        using var worker = new Worker((wait, call, cancellationToken) => call == 0 ? NewClaim() : PollAsync(wait, cancellationToken));

        await worker.RunUntilAsync(worker.AskedTimesAsync(2));

        Assert.NotEqual(worker.Tokens[0], worker.Tokens[1]);
    }

    [Fact]
    public async Task Stop_WhileAClaimIsAwaited_ReleasesWhatWasGrantedMeanwhile()
    {
        using var worker = new Worker((wait, _, cancellationToken) =>
            wait == TimeSpan.Zero ? NewClaim() : PollAsync(wait, cancellationToken));

        await worker.RunUntilAsync(worker.Asked.Task);

        Assert.Equal(["released, stopping: True"], worker.Events);
        Assert.Equal(worker.Tokens[0], worker.Tokens[1]);
    }

    [Fact]
    public async Task Claim_ThatIsNoLongerWanted_IsReleasedAndTheNextHasANewToken()
    {
        using var worker = new Worker((wait, _, cancellationToken) =>
            wait == TimeSpan.Zero ? NewClaim() : PollAsync(wait, cancellationToken));

        await worker.RunUntilAsync(worker.AskedAgainAsync());

        Assert.Equal("released, stopping: False", worker.Events[0]);
        Assert.Equal(worker.Tokens[0], worker.Tokens[1]);
        Assert.NotEqual(worker.Tokens[1], worker.Tokens[2]);
    }

    [Fact]
    public async Task Attempt_ThatCannotBeEnded_KeepsTheSlot()
    {
        using var worker = new Worker(
            (wait, call, cancellationToken) => call < 2 ? NewClaim() : PollAsync(wait, cancellationToken), cannotReport: true);

        await worker.RunUntilAsync(worker.AskedTimesAsync(3));

        Assert.Equal(2, worker.Events.Count(entry => entry == "attempt lost: No report."));
    }

    private static Task<Claim?> NewClaim() =>
        Task.FromResult<Claim?>(new Claim { JobId = "p0-0123", Attempt = 1, Converter = "contrast", HeartbeatSeconds = 5 });

    /// <summary>There is nothing to do, for as long as the claim may wait.</summary>
    private static async Task<Claim?> PollAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        await Task.Delay(wait, cancellationToken);
        return null;
    }

    private sealed record Claim : LeaseClaim;

    /// <param name="claim">Answers a claim: how long it waits, which call it is, from 0, and what ends it.</param>
    /// <param name="cannotReport">Whether attempts crash, and their reports, too.</param>
    private sealed class Worker(Func<TimeSpan, int, CancellationToken, Task<Claim?>> claim, bool cannotReport = false)
        : LeasedWorker<Claim>(new Runner(cannotReport), slots: 1, Options.Create(new LeasingOptions()), TimeProvider.System)
    {
        private readonly ConcurrentQueue<string> _events = [];
        private readonly ConcurrentQueue<string> _tokens = [];
        private readonly SemaphoreSlim _claims = new(0);
        private CancellationTokenSource _ready = new();

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<string> Events => [.. _events];

        public IReadOnlyList<string> Tokens => [.. _tokens];

        protected override CancellationToken WhileReady => _ready.Token;

        public async Task RunUntilAsync(Task condition)
        {
            await StartAsync(Cancellation);
            await condition.WaitAsync(TestTimeout, Cancellation);
            await StopAsync(Cancellation);
        }

        /// <summary>Ends the readiness once a claim is awaited, and completes when the next one is.</summary>
        public async Task AskedAgainAsync()
        {
            await Asked.Task;
            await Interlocked.Exchange(ref _ready, new CancellationTokenSource()).CancelAsync();
            await AskedTimesAsync(3);
        }

        /// <summary>Completes when that many claims were asked for since the start; to be called once.</summary>
        public async Task AskedTimesAsync(int count)
        {
            for (var asked = 0; asked < count; asked++)
            {
                await _claims.WaitAsync(Cancellation);
            }
        }

        public override void Dispose()
        {
            _ready.Dispose();
            _claims.Dispose();
            base.Dispose();
        }

        protected override Task<bool> WaitUntilReadyAsync(CancellationToken stopping) => Task.FromResult(true);

        protected override Task<Claim?> ClaimAsync(string token, TimeSpan wait, CancellationToken cancellationToken)
        {
            _tokens.Enqueue(token);
            _claims.Release();
            var answer = claim(wait, _tokens.Count - 1, cancellationToken);
            Asked.TrySetResult();
            return answer;
        }

        protected override Task ReleaseAsync(Claim claim, bool stopping)
        {
            _events.Enqueue($"released, stopping: {stopping}");
            return Task.CompletedTask;
        }

        protected override void LogClaimFailed(string reason) => _events.Enqueue($"claim failed: {reason}");

        protected override void LogAttemptLost(Exception exception, Claim claim) => _events.Enqueue($"attempt lost: {exception.Message}");
    }

    private sealed class Runner(bool cannotReport)
        : LeasedRunner<Claim>("test", "test.attempt", LeaseKind.Job, new FakeLeases().Keeper, TimeProvider.System)
    {
        protected override Task<bool> WorkAsync(Claim claim, AttemptProgress progress, CancellationToken stop) =>
            cannotReport ? throw new InvalidOperationException("A fault.") : Task.FromResult(true);

        protected override Task ReleaseAsync(Claim claim) => Task.CompletedTask;

        protected override Task ReportCrashAsync(Claim claim, Exception exception) => throw new HttpRequestException("No report.");

        protected override void LogLeaseLost(Claim claim)
        {
        }
    }
}
