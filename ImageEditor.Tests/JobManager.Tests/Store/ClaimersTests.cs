using ImageEditor.JobManager.Store;

namespace ImageEditor.JobManager.Tests.Store;

/// <summary>A message wakes one of those that wait for its queue, once.</summary>
public sealed class ClaimersTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly Claimers _claimers = new(TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Notify_ForEitherQueue_WakesOneThatWaitsForBoth()
    {
        foreach (var queue in (string[])["crop", "rotate"])
        {
            var waiting = _claimers.WaitAsync(["crop", "rotate"], Long, Cancellation);
            Assert.False(waiting.IsCompleted);

            _claimers.Notify(queue);

            Assert.Equal(queue, await waiting);
            Assert.Empty(_claimers.WaitedFor);
        }
    }

    [Fact]
    public async Task Notify_ForBothQueuesAtOnce_WakesOneAndThenTheNextToWait()
    {
        var waiting = _claimers.WaitAsync(["crop", "rotate"], Long, Cancellation);

        _claimers.Notify("crop");
        _claimers.Notify("rotate");

        await waiting;
        await _claimers.WaitAsync(["crop", "rotate"], Long, Cancellation);

        // Each message was for one.
        var third = _claimers.WaitAsync(["crop", "rotate"], Long, Cancellation);
        Assert.False(third.IsCompleted);
        _claimers.Notify("crop");
        await third;
    }

    [Fact]
    public async Task Notify_WithTwoThatWait_WakesEachByOneMessage()
    {
        var (first, second) = (
            _claimers.WaitAsync(["crop", "rotate"], Long, Cancellation), _claimers.WaitAsync(["rotate", "resize"], Long, Cancellation));

        _claimers.Notify("rotate");
        await first;
        Assert.False(second.IsCompleted);
        _claimers.Notify("crop");
        Assert.Equal(["rotate", "resize"], _claimers.WaitedFor);
        _claimers.Notify("rotate");

        await second;
    }

    [Fact]
    public async Task Wake_ForMoreWorkThanWait_KeepsNothing()
    {
        var (first, second) = (_claimers.WaitAsync(["crop"], Long, Cancellation), _claimers.WaitAsync(["crop"], Long, Cancellation));

        _claimers.Wake("crop", 1);
        await first;
        Assert.False(second.IsCompleted);
        _claimers.Wake("crop", 500);

        await second;
        var third = _claimers.WaitAsync(["crop"], Long, Cancellation);
        Assert.False(third.IsCompleted);
        _claimers.Notify("crop");
        await third;
    }

    [Fact]
    public async Task Wait_ThatIsGivenUpAsItIsWoken_SaysSoAndTheMessageCanBeHandedOn()
    {
        using var hangsUp = new CancellationTokenSource();
        var (first, second) = (_claimers.WaitAsync(["crop"], Long, hangsUp.Token), _claimers.WaitAsync(["crop"], Long, Cancellation));

        _claimers.Notify("crop");
        await hangsUp.CancelAsync();

        Assert.Equal("crop", await first);
        Assert.False(second.IsCompleted);
        _claimers.Notify("crop");
        Assert.Equal("crop", await second);
    }

    [Fact]
    public async Task Wait_ThatIsGivenUpBeforeTheMessage_LeavesItToAnother()
    {
        using var hangsUp = new CancellationTokenSource();
        var (first, second) = (_claimers.WaitAsync(["crop"], Long, hangsUp.Token), _claimers.WaitAsync(["crop"], Long, Cancellation));

        await hangsUp.CancelAsync();
        Assert.Null(await first);
        _claimers.Notify("crop");

        Assert.Equal("crop", await second);
    }

    [Fact]
    public async Task Wait_ForNothing_EndsInTime()
    {
        Assert.Null(await _claimers.WaitAsync(["crop"], TimeSpan.FromMilliseconds(1), Cancellation));

        Assert.Empty(_claimers.WaitedFor);
    }
}
