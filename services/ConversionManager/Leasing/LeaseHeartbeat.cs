using System.Diagnostics;

namespace ImageEditor.ConversionManager.Leasing;

/// <summary>Keeps a lease.</summary>
internal static class LeaseHeartbeat
{
    /// <summary>How often per period progress is checked.</summary>
    private const int TicksPerRenewal = 5;

    /// <summary>Renews a lease until the attempt is over; stops the attempt when the lease is lost.</summary>
    /// <param name="renew">Renews it once.</param>
    /// <param name="seconds">How often, at least.</param>
    /// <param name="time">The clock.</param>
    /// <param name="attempt">The attempt: cancelled by its end, or from here.</param>
    /// <param name="hasUpdate">Whether there is progress to report, checked five times as often: then the lease is renewed early.</param>
    public static async Task RunAsync(
        Func<CancellationToken, Task<LeaseStatus>> renew, double seconds, TimeProvider time, CancellationTokenSource attempt,
        Func<bool>? hasUpdate = null)
    {
        // One of many, each like the other: not a part of the job's trace.
        Activity.Current = null;
        var period = TimeSpan.FromSeconds(seconds);
        var tick = period / TicksPerRenewal;
        using var timer = new PeriodicTimer(tick, time);
        var renewed = time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(attempt.Token))
            {
                // Half a tick early is on time: ticks are not exact, and the next one would be late.
                if (hasUpdate?.Invoke() != true && time.GetElapsedTime(renewed) < period - tick / 2)
                {
                    continue;
                }

                renewed = time.GetTimestamp();
                if (await renew(attempt.Token) == LeaseStatus.Lost)
                {
                    await attempt.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException) when (attempt.IsCancellationRequested)
        {
            // The attempt is over.
        }
    }
}
