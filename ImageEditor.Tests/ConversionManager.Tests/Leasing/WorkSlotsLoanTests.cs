using ImageEditor.ConversionManager.Leasing;

namespace ImageEditor.ConversionManager.Tests.Leasing;

/// <summary>Slots that are lent while no work wants them.</summary>
public sealed class WorkSlotsLoanTests
{
    private readonly WorkSlots<Claim> _slots = new(1);

    public WorkSlotsLoanTests() => _slots.Open(_ => Task.CompletedTask);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Loan_OfTheOnlySlot_LeavesNoneToLendAndIsFreeToWork()
    {
        using var loan = _slots.TryLend();

        Assert.NotNull(loan);
        Assert.Null(_slots.TryLend());
        Assert.Equal(0, _slots.Taken);
        Assert.False(loan.Recalled.IsCancellationRequested);
    }

    [Fact]
    public async Task Work_ThatTakesALentSlot_EndsTheLoan()
    {
        using var loan = _slots.TryLend();

        using var slot = _slots.TryTake();

        Assert.NotNull(slot);
        await Until.TrueAsync(
            "the loan is recalled", TimeSpan.FromSeconds(10), () => Task.FromResult(loan!.Recalled.IsCancellationRequested), Cancellation);
        Assert.Null(_slots.TryLend());
    }

    [Fact]
    public async Task Step_ThatTakesALentSlot_EndsTheLoan()
    {
        using var loan = _slots.TryLend();

        using var slot = await _slots.TakeForStepAsync(Cancellation);

        await Until.TrueAsync(
            "the loan is recalled", TimeSpan.FromSeconds(10), () => Task.FromResult(loan!.Recalled.IsCancellationRequested), Cancellation);
    }

    [Fact]
    public async Task Work_EndsTheNewestLoanAndNoMore()
    {
        _slots.Count = 3;
        using var first = _slots.TryLend();
        using var second = _slots.TryLend();
        using var third = _slots.TryLend();

        using var slot = _slots.TryTake();

        await Until.TrueAsync(
            "the newest is recalled", TimeSpan.FromSeconds(10), () => Task.FromResult(third!.Recalled.IsCancellationRequested), Cancellation);
        Assert.False(first!.Recalled.IsCancellationRequested);
        Assert.False(second!.Recalled.IsCancellationRequested);
    }

    [Fact]
    public async Task SlotsThatGoAway_EndLoans()
    {
        _slots.Count = 2;
        using var first = _slots.TryLend();
        using var second = _slots.TryLend();

        _slots.Count = 1;

        await Until.TrueAsync(
            "the newest is recalled", TimeSpan.FromSeconds(10), () => Task.FromResult(second!.Recalled.IsCancellationRequested), Cancellation);
        Assert.False(first!.Recalled.IsCancellationRequested);
    }

    [Fact]
    public async Task Slot_ThatAStepOrAClaimWaitsFor_IsNotLent()
    {
        var running = _slots.TryTake();
        var step = _slots.TakeForStepAsync(Cancellation);
        Assert.Null(_slots.TryLend());

        running!.Dispose();
        (await step).Dispose();
        using var loan = _slots.TryLend();
        Assert.NotNull(loan);
    }

    [Fact]
    public void Loan_GivenBack_CanBeLentAgain()
    {
        _slots.TryLend()!.Dispose();

        using var loan = _slots.TryLend();

        Assert.NotNull(loan);
    }

    [Fact]
    public void ClosedSlots_AreNotLent()
    {
        _slots.Close();

        Assert.Null(_slots.TryLend());
    }

    private sealed record Claim : LeaseClaim;
}
