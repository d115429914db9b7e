using ImageEditor.ConversionManager.Leasing;
using Microsoft.Extensions.Time.Testing;

namespace ImageEditor.ConversionManager.Tests.Leasing;

/// <summary>Slots that both steps of recipes and new claims wait for.</summary>
public sealed class WorkSlotsTurnTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly WorkSlots<Claim> _slots = new(1);

    public WorkSlotsTurnTests() => _slots.Open(_ => Task.CompletedTask);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Steps_WithoutAClaimThatWaits_GetEachSlotInTheirOrder()
    {
        var running = await _slots.TakeForStepAsync(Cancellation);
        var first = _slots.TakeForStepAsync(Cancellation);
        var second = _slots.TakeForStepAsync(Cancellation);

        running.Dispose();
        var slot = await first;
        Assert.False(second.IsCompleted);

        slot.Dispose();
        (await second).Dispose();
        Assert.Equal(0, _slots.Taken);
    }

    [Fact]
    public async Task StepAndClaim_ThatBothWait_TakeTurns()
    {
        var running = await _slots.TakeForStepAsync(Cancellation);
        var claim = _slots.WaitForFreeAsync(Cancellation);
        var (first, second) = (_slots.TakeForStepAsync(Cancellation), _slots.TakeForStepAsync(Cancellation));

        // The last one was a step's.
        running.Dispose();
        Assert.True(await claim);
        Assert.False(first.IsCompleted);
        Assert.Null(_slots.TryTake());
        var claimed = await _slots.TakeAsync(TimeSpan.FromSeconds(1), _time);

        var next = _slots.WaitForFreeAsync(Cancellation);
        claimed!.Dispose();
        var slot = await first;
        Assert.False(next.IsCompleted);

        slot.Dispose();
        Assert.True(await next);
        Assert.False(second.IsCompleted);
    }

    [Fact]
    public async Task Claim_ThatFoundNothing_LeavesItsTurnToTheStep()
    {
        var running = await _slots.TakeForStepAsync(Cancellation);
        var claim = _slots.WaitForFreeAsync(Cancellation);
        var step = _slots.TakeForStepAsync(Cancellation);
        running.Dispose();
        Assert.True(await claim);

        _slots.PassTurn();

        await step;
    }

    [Fact]
    public async Task Step_ThatIsCancelled_TakesNoSlot()
    {
        var running = await _slots.TakeForStepAsync(Cancellation);
        using var cancelled = new CancellationTokenSource();
        var step = _slots.TakeForStepAsync(cancelled.Token);

        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => step);

        running.Dispose();
        Assert.Equal(0, _slots.Taken);
    }

    [Fact]
    public async Task Work_ThatGivesItsSlotBack_IsStillWaitedFor()
    {
        var done = new TaskCompletionSource();
        Claim? given = null;
        _slots.Open(claim =>
        {
            given = claim;
            claim.GiveSlotBack();
            return done.Task;
        });

        _slots.TryTake()!.Give(new Claim());

        // Another one may have it, although the work has not ended.
        (await _slots.TakeForStepAsync(Cancellation)).Dispose();
        Assert.NotNull(given);
        var unused = _slots.WaitUntilUnusedAsync();
        Assert.False(unused.IsCompleted);
        done.SetResult();
        await unused.WaitAsync(Cancellation);
        Assert.Equal(0, _slots.Taken);
    }

    private sealed record Claim : LeaseClaim
    {
        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        public Claim() => (JobId, Attempt, Converter, HeartbeatSeconds) = ("p0-0123", 1, "contrast", 5);
    }
}
