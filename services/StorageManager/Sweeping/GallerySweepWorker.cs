using ImageEditor.StorageManager.Gallery;
using ImageEditor.StorageManager.ImageStorage;
using ImageEditor.StorageManager.Metadata;
using Microsoft.Extensions.Options;

namespace ImageEditor.StorageManager.Sweeping;

/// <summary>Sweeps at an interval, in every replica.</summary>
internal sealed partial class GallerySweepWorker(
    GallerySweep sweep,
    Database database,
    GalleryMetrics metrics,
    IOptions<GalleryOptions> options,
    TimeProvider time,
    ILogger<GallerySweepWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (database.IsMigrated)
                {
                    await SweepAsync(stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    private async Task SweepAsync(CancellationToken stoppingToken)
    {
        try
        {
            await sweep.RunAsync(stoppingToken);
        }
        catch (MetadataUnavailableException exception)
        {
            metrics.Failed("metadata");
            Log.Interrupted(logger, exception.Message);
        }
        catch (ImageStorageException exception)
        {
            metrics.Failed(exception.Fault.ToString());
            Log.Interrupted(logger, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The sweep continues later: {Reason}", EventName = "SweepInterrupted")]
        public static partial void Interrupted(ILogger logger, string reason);
    }
}
