using ImageEditor.StorageManager.Gallery;
using ImageEditor.StorageManager.ImageStorage;
using ImageEditor.StorageManager.Metadata;
using Microsoft.Extensions.Options;

namespace ImageEditor.StorageManager.Sweeping;

/// <summary>
/// Removes what is due. Each step stands alone, so that any number of replicas may sweep at once, and may be killed at any time.
/// </summary>
internal sealed partial class GallerySweep(
    Database database, IImageStorage storage, GalleryMetrics metrics, IOptions<GalleryOptions> options, ILogger<GallerySweep> logger)
{
    private const int BatchSize = 200;
    private const int Parallelism = 4;

    /// <summary>
    /// Purges what was deleted long ago, removes images that belong to no picture, recipes of nobody, and old tombstones.
    /// </summary>
    /// <exception cref="MetadataUnavailableException">The database did not answer.</exception>
    /// <exception cref="ImageStorageException">Images could not be removed; a later sweep tries again.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var settings = options.Value;
        int purged;
        do
        {
            purged = await database.ExecuteAsync(Sql.Purge, cancellationToken, settings.RestorePeriod, BatchSize);
            if (purged > 0)
            {
                metrics.Purged(purged);
                Log.Purged(logger, purged);
            }
        }
        while (purged == BatchSize);

        await database.ExecuteAsync(Sql.ForgetRecipes, cancellationToken);
        await database.ExecuteAsync(Sql.ForgetPictures, cancellationToken, settings.TombstoneRetention);
        await database.ExecuteAsync(Sql.ForgetOwners, cancellationToken, settings.TombstoneRetention);
        await RemoveDueUploadsAsync(settings, cancellationToken);
    }

    private async Task RemoveDueUploadsAsync(GalleryOptions settings, CancellationToken cancellationToken)
    {
        List<DueUpload> due;
        do
        {
            due = await database.QueryAsync(
                Sql.TakeDueUploads,
                PictureRows.ReadDueUpload,
                cancellationToken,
                settings.UploadLifetime,
                settings.SweepInterval,
                BatchSize);
            await Parallel.ForEachAsync(
                due,
                new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
                async (upload, token) =>
                {
                    await storage.RemoveAsync(upload.Location, token);
                    if (upload.IsDiscarded)
                    {
                        await database.ExecuteAsync(Sql.ForgetUpload, token, upload.Location.Id);
                        metrics.Swept();
                        Log.Removed(logger, upload.Location.Job.ShortId);
                    }
                    else
                    {
                        // Its process may be frozen, and may continue to write when it thaws: the images are removed once more later.
                        Log.Aborted(logger, upload.Location.Job.ShortId);
                    }
                });
        }
        while (due.Count == BatchSize);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Pictures} deleted pictures cannot be restored any more", EventName = "PicturesPurged")]
        public static partial void Purged(ILogger logger, int pictures);

        [LoggerMessage(LogLevel.Information, "Images of job {JobId} that belong to no picture were removed", EventName = "ImagesRemoved")]
        public static partial void Removed(ILogger logger, string jobId);

        [LoggerMessage(
            LogLevel.Warning,
            "A save of job {JobId} was not renewed by its process: it is aborted, and its images were removed",
            EventName = "UploadFenced")]
        public static partial void Aborted(ILogger logger, string jobId);
    }
}
