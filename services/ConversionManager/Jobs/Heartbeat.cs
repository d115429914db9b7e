namespace ImageEditor.ConversionManager.Jobs;

/// <summary>Keeps a lease.</summary>
internal static class Heartbeat
{
    /// <summary>Renews a lease until the attempt is over; stops the attempt when the lease is lost.</summary>
    /// <param name="renew">Renews it once.</param>
    /// <param name="seconds">How often.</param>
    /// <param name="time">The clock.</param>
    /// <param name="attempt">The attempt: cancelled by its end, or from here.</param>
    public static async Task KeepAsync(Func<CancellationToken, Task<LeaseStatus>> renew, double seconds, TimeProvider time, CancellationTokenSource attempt)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(seconds), time);
        try
        {
            while (await timer.WaitForNextTickAsync(attempt.Token))
            {
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
