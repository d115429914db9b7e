using ImageEditor.StorageManager.ImageStorage;
using ImageEditor.StorageManager.Metadata;
using ImageEditor.StorageManager.Settings;
using ImageEditor.StorageManager.Telemetry;
using Microsoft.Extensions.Options;

namespace ImageEditor.StorageManager.Sweeping;

/// <summary>Sweeps now and then, in every replica.</summary>
internal sealed partial class Sweeper(
    Housekeeping housekeeping, Database database, GalleryMetrics metrics, IOptions<GalleryOptions> options, TimeProvider time, ILogger<Sweeper> logger) : BackgroundService
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
            // The process stops; the other replicas go on.
        }
    }

    private async Task SweepAsync(CancellationToken stoppingToken)
    {
        try
        {
            await housekeeping.SweepAsync(stoppingToken);
        }
        catch (MetadataUnavailableException exception)
        {
            metrics.Failed("metadata");
            Log.Later(logger, exception.Message);
        }
        catch (ImageStorageException exception)
        {
            metrics.Failed(exception.Fault.ToString());
            Log.Later(logger, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The sweep goes on later: {Reason}", EventName = "SweepInterrupted")]
        public static partial void Later(ILogger logger, string reason);
    }
}
