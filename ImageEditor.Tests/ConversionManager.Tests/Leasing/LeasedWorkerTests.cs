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

        Assert.Equal(["released, at once: True"], worker.Events);
        Assert.Equal(worker.Tokens[0], worker.Tokens[1]);
    }

    [Fact]
    public async Task Claim_ThatIsNoLongerWanted_IsReleasedAndTheNextHasANewToken()
    {
        using var worker = new Worker((wait, _, cancellationToken) =>
            wait == TimeSpan.Zero ? NewClaim() : PollAsync(wait, cancellationToken));

        await worker.RunUntilAsync(worker.AskedAgainAsync());

        Assert.Equal("released, at once: False", worker.Events[0]);
        Assert.Equal(worker.Tokens[0], worker.Tokens[1]);
        Assert.NotEqual(worker.Tokens[1], worker.Tokens[2]);
    }

    [Fact]
    public async Task Claim_GrantedWhileItsRequestWasReplaced_IsRunWhereItCanBe()
    {
        var ran = new ConcurrentQueue<string>();
        using var worker = new Worker(
            (wait, call, cancellationToken) => wait == TimeSpan.Zero && call == 1 ? NewClaim() : PollAsync(wait, cancellationToken),
            work: claim =>
            {
                ran.Enqueue(claim.JobId);
                return Task.CompletedTask;
            })
        { CanRunAny = true };

        await worker.RunUntilAsync(worker.AskedAgainAsync());

        Assert.Equal(["p0-0123"], ran);
        Assert.Empty(worker.Events);
        Assert.Equal(worker.Tokens[0], worker.Tokens[1]);
        Assert.NotEqual(worker.Tokens[1], worker.Tokens[2]);
    }

    [Fact]
    public async Task Worker_ThatNeverHasAnythingToClaim_LeavesItsSlotsToOthersUntilItStops()
    {
        var slots = new WorkSlots<Claim>(1);
        using var worker = new Worker((_, _, _) => NewClaim(), slots) { IsEverReady = false };
        await worker.StartAsync(Cancellation);
        await worker.AskedWhetherReady.Task.WaitAsync(TestTimeout, Cancellation);

        using (slots.TryLend())
        {
            using var step = await slots.TakeForStepAsync(Cancellation).WaitAsync(TestTimeout, Cancellation);
        }

        using (var loan = slots.TryLend())
        {
            Assert.NotNull(loan);
        }

        Assert.Empty(worker.Tokens);
        await worker.StopAsync(Cancellation);
        Assert.Null(slots.TryLend());
    }

    [Fact]
    public async Task Attempt_ThatCannotBeEnded_KeepsTheSlot()
    {
        using var worker = new Worker(
            (wait, call, cancellationToken) => call < 2 ? NewClaim() : PollAsync(wait, cancellationToken), cannotReport: true);

        await worker.RunUntilAsync(worker.AskedTimesAsync(3));

        Assert.Equal(2, worker.Events.Count(entry => entry == "attempt lost: No report."));
    }

    [Fact]
    public async Task Give_ToASlotThatWaits_RunsItAndTheWaitGoesOn()
    {
        var (idle, ran) = (new WorkSlots<Claim>(1), new ConcurrentQueue<string>());
        using var worker = new Worker((wait, _, cancellationToken) => PollAsync(wait, cancellationToken), idle, work: claim =>
        {
            ran.Enqueue(claim.JobId);
            return Task.CompletedTask;
        });

        await worker.RunUntilAsync(GiveAsync());

        Assert.Equal(["first", "second"], ran);

        // The wait itself, and the question at the end whether it was granted something.
        Assert.Equal(2, worker.Tokens.Count);
        Assert.Single(worker.Tokens.Distinct());
        Assert.Null(idle.TryTake());

        async Task GiveAsync()
        {
            await worker.Asked.Task;
            using (await TakeAsync(idle))
            {
                // Nothing came of it.
            }

            foreach (var job in (string[])["first", "second"])
            {
                (await TakeAsync(idle)).Give(CreateClaim(job));
                await Until.TrueAsync(job + " is run", TestTimeout, () => Task.FromResult(ran.Contains(job)), Cancellation);
            }
        }
    }

    [Fact]
    public async Task Claim_ThatComesWhileTheSlotRunsShortWork_IsRunNext()
    {
        var (idle, ran, granted) = (new WorkSlots<Claim>(1), new ConcurrentQueue<string>(), new TaskCompletionSource<Claim?>());
        using var worker = new Worker(
            (wait, call, cancellationToken) => call == 0 ? granted.Task : PollAsync(wait, cancellationToken),
            idle,
            work: claim =>
            {
                ran.Enqueue(claim.JobId);
                granted.TrySetResult(CreateClaim("claimed"));
                return Task.CompletedTask;
            });

        await worker.RunUntilAsync(GiveAsync());

        Assert.Equal(["given", "claimed"], ran);

        async Task GiveAsync()
        {
            await worker.Asked.Task;
            (await TakeAsync(idle)).Give(CreateClaim("given"));
            await worker.AskedTimesAsync(2);
        }
    }

    [Fact]
    public async Task Claim_ThatComesWhileTheSlotRunsLongWork_IsReleasedAtOnce()
    {
        var (idle, granted, done) = (new WorkSlots<Claim>(1), new TaskCompletionSource<Claim?>(), new TaskCompletionSource());
        using var worker = new Worker(
            (wait, call, cancellationToken) => call == 0 ? granted.Task : PollAsync(wait, cancellationToken), idle, work: _ => done.Task);

        await worker.RunUntilAsync(GiveAsync());

        Assert.Equal("released, at once: True", worker.Events[0]);

        async Task GiveAsync()
        {
            await worker.Asked.Task;
            (await TakeAsync(idle)).Give(CreateClaim("given"));
            granted.SetResult(CreateClaim("claimed"));
            await Until.TrueAsync("the claim is released", TestTimeout, () => Task.FromResult(worker.Events.Count > 0), Cancellation);
            done.SetResult();
            await worker.AskedTimesAsync(2);
        }
    }

    [Fact]
    public async Task Wait_OfASlotThatRunsLongWork_IsWithdrawnUntilThatIsDone()
    {
        var (idle, done) = (new WorkSlots<Claim>(1), new TaskCompletionSource());
        using var worker = new Worker(
            (wait, _, cancellationToken) => wait == TimeSpan.Zero ? NewClaim() : PollAsync(wait, cancellationToken), idle, work: _ => done.Task);

        await worker.RunUntilAsync(GiveAsync());

        // The wait, the question whether it was granted something, which it was, and the wait after the work.
        Assert.Equal("released, at once: True", worker.Events[0]);
        Assert.Equal(worker.Tokens[0], worker.Tokens[1]);
        Assert.NotEqual(worker.Tokens[1], worker.Tokens[2]);

        async Task GiveAsync()
        {
            await worker.Asked.Task;
            (await TakeAsync(idle)).Give(CreateClaim("given"));
            await worker.AskedTimesAsync(2);
            Assert.Null(idle.TryTake());
            done.SetResult();
            await worker.AskedTimesAsync(1);
        }
    }

    /// <summary>Takes the slot as soon as it is free.</summary>
    private static async Task<WorkSlots<Claim>.Slot> TakeAsync(WorkSlots<Claim> idle)
    {
        WorkSlots<Claim>.Slot? slot = null;
        await Until.TrueAsync("the slot is free", TestTimeout, () => Task.FromResult((slot = idle.TryTake()) is not null), Cancellation);
        return slot!;
    }

    private static Task<Claim?> NewClaim() => Task.FromResult<Claim?>(CreateClaim("p0-0123"));

    private static Claim CreateClaim(string job) => new() { JobId = job, Attempt = 1, Converter = "contrast", HeartbeatSeconds = 5 };

    /// <summary>There is nothing to do, for as long as the claim may wait.</summary>
    private static async Task<Claim?> PollAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        await Task.Delay(wait, cancellationToken);
        return null;
    }

    private sealed record Claim : LeaseClaim;

    /// <param name="claim">Answers a claim: how long it waits, which call it is, from 0, and what ends it.</param>
    /// <param name="idle">Its slot.</param>
    /// <param name="cannotReport">Whether attempts crash, and their reports, too.</param>
    /// <param name="work">What an attempt does; nothing by default.</param>
    private sealed class Worker(
        Func<TimeSpan, int, CancellationToken, Task<Claim?>> claim, WorkSlots<Claim>? idle = null, bool cannotReport = false,
        Func<Claim, Task>? work = null)
        : LeasedWorker<Claim>(
            new Runner(cannotReport, work), idle ?? new WorkSlots<Claim>(1), Options.Create(new LeasingOptions()), TimeProvider.System)
    {
        private readonly ConcurrentQueue<string> _events = [];
        private readonly ConcurrentQueue<string> _tokens = [];
        private readonly SemaphoreSlim _claims = new(0);
        private CancellationTokenSource _ready = new();

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource AskedWhetherReady { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsEverReady { get; init; } = true;

        public bool CanRunAny { get; init; }

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

        /// <summary>Completes when that many claims were asked for, since the start or the last time that it was called.</summary>
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

        protected override Task<bool> WaitUntilReadyAsync(CancellationToken stopping)
        {
            AskedWhetherReady.TrySetResult();
            return Task.FromResult(IsEverReady);
        }

        protected override bool CanRun(Claim claim) => CanRunAny;

        protected override Task<Claim?> ClaimAsync(string token, TimeSpan wait, CancellationToken cancellationToken)
        {
            _tokens.Enqueue(token);
            _claims.Release();
            var answer = claim(wait, _tokens.Count - 1, cancellationToken);
            Asked.TrySetResult();
            return answer;
        }

        protected override Task ReleaseAsync(Claim claim, bool atOnce)
        {
            _events.Enqueue($"released, at once: {atOnce}");
            return Task.CompletedTask;
        }

        protected override void LogClaimFailed(string reason) => _events.Enqueue($"claim failed: {reason}");

        protected override void LogAttemptLost(Exception exception, Claim claim) => _events.Enqueue($"attempt lost: {exception.Message}");
    }

    private sealed class Runner(bool cannotReport, Func<Claim, Task>? work)
        : LeasedRunner<Claim>("test", "test.attempt", LeaseKind.Job, new FakeLeases().Keeper, TimeProvider.System)
    {
        protected override async Task<bool> WorkAsync(Claim claim, AttemptProgress progress, CancellationToken stop)
        {
            if (cannotReport)
            {
                throw new InvalidOperationException("A fault.");
            }

            await (work?.Invoke(claim) ?? Task.CompletedTask);
            return true;
        }

        protected override Task ReleaseAsync(Claim claim) => Task.CompletedTask;

        protected override Task ReportCrashAsync(Claim claim, Exception exception) => throw new HttpRequestException("No report.");

        protected override void LogLeaseLost(Claim claim)
        {
        }
    }
}
