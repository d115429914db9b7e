using ImageEditor.ConversionManager.Leasing;
using Microsoft.Extensions.Time.Testing;

namespace ImageEditor.ConversionManager.Tests.Leasing;

public sealed class LeaseHeartbeatTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _attempt = new();
    private readonly List<TimeSpan> _renewals = [];
    private LeaseStatus _answer = LeaseStatus.Accepted;

    private TimeSpan Now => _time.GetUtcNow() - _time.Start;

    public void Dispose() => _attempt.Dispose();

    [Fact]
    public async Task Run_NoUpdate_RenewsWhenItIsTime()
    {
        await RunAsync(TimeSpan.FromSeconds(16), hasUpdate: null);

        Assert.Equal([5, 10, 15], _renewals.Select(at => at.TotalSeconds));
    }

    [Fact]
    public async Task Run_UpdateInBetween_RenewsEarlyAndCountsFromThere()
    {
        // Told by the renewal that follows it.
        await RunAsync(TimeSpan.FromSeconds(14), () => Now > TimeSpan.FromSeconds(6.8) && _renewals[^1] < TimeSpan.FromSeconds(6.8));

        Assert.Equal([5, 7, 12], _renewals.Select(at => at.TotalSeconds));
    }

    [Fact]
    public async Task Run_LostLease_StopsTheAttempt()
    {
        _answer = LeaseStatus.Lost;

        await RunAsync(TimeSpan.FromSeconds(16), hasUpdate: null);

        Assert.True(_attempt.IsCancellationRequested);
        Assert.Equal([5], _renewals.Select(at => at.TotalSeconds));
    }

    [Fact]
    public void Progress_HasNews_FromTheFirstWordAndForWhatCanBeSeen()
    {
        var progress = new AttemptProgress();
        Assert.False(progress.HasUnreported);
        Assert.Null(progress.TakeForReport());

        progress.Report(0);
        Assert.True(progress.HasUnreported);
        Assert.Equal(0, progress.TakeForReport());
        Assert.False(progress.HasUnreported);

        progress.Report(0.004);
        Assert.False(progress.HasUnreported);

        progress.Report(0.4);
        Assert.True(progress.HasUnreported);
        Assert.Equal(0.4, progress.TakeForReport());
        Assert.Equal(0.4, progress.Value);
        Assert.False(progress.HasUnreported);
    }

    /// <summary>Keeps a lease of 5 s for so long.</summary>
    private async Task RunAsync(TimeSpan duration, Func<bool>? hasUpdate)
    {
        // Without a context a timer's tick goes on with what awaits it before the clock moves on.
        SynchronizationContext.SetSynchronizationContext(null);
        var kept = LeaseHeartbeat.RunAsync(
            _ =>
            {
                _renewals.Add(Now);
                return Task.FromResult(_answer);
            },
            seconds: 5,
            _time,
            _attempt,
            hasUpdate);
        while (Now < duration)
        {
            _time.Advance(TimeSpan.FromSeconds(0.5));
        }

        await _attempt.CancelAsync();
        await kept;
    }
}
