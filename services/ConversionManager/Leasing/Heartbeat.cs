using System.Diagnostics;

namespace ImageEditor.ConversionManager.Leasing;

/// <summary>Keeps a lease.</summary>
internal static class Heartbeat
{
    /// <summary>How often within its time a renewal may come early.</summary>
    private const int LooksPerRenewal = 5;

    /// <summary>Renews a lease until the attempt is over; stops the attempt when the lease is lost.</summary>
    /// <param name="renew">Renews it once.</param>
    /// <param name="seconds">How often, at least.</param>
    /// <param name="time">The clock.</param>
    /// <param name="attempt">The attempt: cancelled by its end, or from here.</param>
    /// <param name="hasNews">Looked at five times as often: whether there is something to tell with a renewal, which is then not put off any longer.</param>
    public static async Task KeepAsync(
        Func<CancellationToken, Task<LeaseStatus>> renew, double seconds, TimeProvider time, CancellationTokenSource attempt, Func<bool>? hasNews = null)
    {
        // One of many, each like the other: not a part of the job's trace.
        Activity.Current = null;
        var period = TimeSpan.FromSeconds(seconds);
        var look = period / LooksPerRenewal;
        using var timer = new PeriodicTimer(look, time);
        var renewed = time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(attempt.Token))
            {
                // Half a look early is on time: ticks are not exact, and the next one would be late.
                if (hasNews?.Invoke() != true && time.GetElapsedTime(renewed) < period - look / 2)
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
