using ImageEditor.JobManager.Store;

namespace ImageEditor.JobManager.Sweeping;

/// <summary>Lets the store's time go on, whatever else this process does.</summary>
internal sealed class ClockWorker(StoreClock clock, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(StoreClock.Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await clock.TickAsync();
                }
                catch (StoreUnavailableException)
                {
                    // Time stands still while the store is away. The sweep says so.
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops; the other replicas continue.
        }
    }
}
