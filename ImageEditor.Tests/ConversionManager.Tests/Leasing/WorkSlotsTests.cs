using ImageEditor.ConversionManager.Leasing;
using Microsoft.Extensions.Time.Testing;

namespace ImageEditor.ConversionManager.Tests.Leasing;

public sealed class WorkSlotsTests
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly WorkSlots<Claim> _slots = new(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void TryTake_BeforeItIsOpenAndAfterItIsClosed_IsNothing()
    {
        Assert.Null(_slots.TryTake());
        _slots.Open(_ => Task.CompletedTask);
        Assert.NotNull(_slots.TryTake());
        _slots.Close();
        Assert.Null(_slots.TryTake());
    }

    [Fact]
    public void Dispose_MoreThanOnce_GivesTheSlotBackOnce()
    {
        _slots.Open(_ => Task.CompletedTask);
        var slot = _slots.TryTake()!;
        using var other = _slots.TryTake();

        slot.Dispose();
        slot.Dispose();

        Assert.Equal(1, _slots.Taken);
    }

    [Fact]
    public async Task Give_WorkThatFails_GivesTheSlotBack()
    {
        _slots.Open(_ => throw new InvalidOperationException("A fault."));

        _slots.TryTake()!.Give(new Claim());

        await _slots.WaitUntilUnusedAsync().WaitAsync(Cancellation);
    }

    [Fact]
    public async Task Count_LessThanAreTaken_LeavesNoneFreeUntilEnoughAreGivenBack()
    {
        _slots.Open(_ => Task.CompletedTask);
        var (first, second) = (_slots.TryTake()!, _slots.TryTake()!);
        _slots.Count = 1;
        var free = _slots.WaitForFreeAsync(Cancellation);

        first.Dispose();
        Assert.Null(_slots.TryTake());
        Assert.False(free.IsCompleted);

        second.Dispose();
        await free;
        Assert.NotNull(_slots.TryTake());
    }

    [Fact]
    public async Task Count_MoreThanBefore_IsWhatAClaimWaitedFor()
    {
        _slots.Open(_ => Task.CompletedTask);
        using var first = _slots.TryTake();
        using var second = _slots.TryTake();
        var third = _slots.TakeAsync(Period, _time);
        Assert.False(third.IsCompleted);

        _slots.Count = 3;

        Assert.NotNull(await third);
    }

    [Fact]
    public async Task TakeAsync_UntilTheTimeIsOver_IsNothing()
    {
        _slots.Count = 0;
        _slots.Open(_ => Task.CompletedTask);
        var slot = _slots.TakeAsync(Period, _time);

        _time.Advance(Period);

        Assert.Null(await slot);
    }

    [Fact]
    public async Task TakeAsync_UntilItIsClosed_IsNothing()
    {
        _slots.Count = 0;
        _slots.Open(_ => Task.CompletedTask);
        var slot = _slots.TakeAsync(Period, _time);

        _slots.Close();

        Assert.Null(await slot);
    }

    [Fact]
    public async Task WaitUntilExhausted_OnceNoneHasBeenFreeForThatLong_Ends()
    {
        _slots.Open(_ => Task.CompletedTask);
        var exhausted = _slots.WaitUntilExhaustedAsync(TimeSpan.FromMilliseconds(1), TimeProvider.System, Cancellation);
        using var first = _slots.TryTake();
        Assert.False(exhausted.IsCompleted);

        using var second = _slots.TryTake();

        await exhausted.WaitAsync(Cancellation);
    }

    private sealed record Claim : LeaseClaim
    {
        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        public Claim() => (JobId, Attempt, Converter, HeartbeatSeconds) = ("p0-0123", 1, "contrast", 1);
    }
}
