using ImageEditor.StorageManager.ImageStorage;
using ImageEditor.StorageManager.Metadata;
using ImageEditor.StorageManager.Pictures;
using ImageEditor.StorageManager.Settings;
using ImageEditor.StorageManager.Telemetry;
using Microsoft.Extensions.Options;

namespace ImageEditor.StorageManager.Sweeping;

/// <summary>Does what time brings. Each step counts by itself, so that any number of replicas may do it at once, and be killed anywhere.</summary>
internal sealed partial class Housekeeping(
    Database database, IImageStorage storage, GalleryMetrics metrics, IOptions<GalleryOptions> options, ILogger<Housekeeping> logger)
{
    private const int Page = 200;
    private const int Parallelism = 4;

    /// <summary>Puts beyond restoring what was deleted long ago, removes images that no picture names, and forgets old tombstones.</summary>
    /// <exception cref="MetadataUnavailableException">The database did not answer.</exception>
    /// <exception cref="ImageStorageException">Images could not be removed; they are tried again later.</exception>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var settings = options.Value;
        int purged;
        do
        {
            purged = await database.ExecuteAsync(Sql.Purge, cancellationToken, settings.RestoreWithin, Page);
            if (purged > 0)
            {
                metrics.Purged(purged);
                Log.Purged(logger, purged);
            }
        }
        while (purged == Page);

        await database.ExecuteAsync(Sql.ForgetPictures, cancellationToken, settings.TombstoneLife);
        await database.ExecuteAsync(Sql.ForgetOwners, cancellationToken, settings.TombstoneLife);
        await RemoveUploadsAsync(settings, cancellationToken);
    }

    private async Task RemoveUploadsAsync(GalleryOptions settings, CancellationToken cancellationToken)
    {
        List<(PicturePlace Place, bool IsLast)> due;
        do
        {
            due = await database.QueryAsync(Sql.TakeDueUploads, Rows.Upload, cancellationToken, settings.UploadLife, settings.SweepInterval, Page);
            await Parallel.ForEachAsync(
                due,
                new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
                async (upload, token) =>
                {
                    await storage.RemoveAsync(upload.Place, token);
                    if (upload.IsLast)
                    {
                        await database.ExecuteAsync(Sql.ForgetUpload, token, upload.Place.Id);
                        metrics.Swept();
                        Log.Removed(logger, upload.Place.Job.ShortId);
                    }
                    else
                    {
                        // Its process may be frozen, and write on when it thaws: one more look when that is over.
                        Log.Fenced(logger, upload.Place.Job.ShortId);
                    }
                });
        }
        while (due.Count == Page);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Pictures} deleted pictures are beyond restoring now", EventName = "PicturesPurged")]
        public static partial void Purged(ILogger logger, int pictures);

        [LoggerMessage(LogLevel.Information, "Images of job {JobId} that no picture names were removed", EventName = "ImagesRemoved")]
        public static partial void Removed(ILogger logger, string jobId);

        [LoggerMessage(LogLevel.Warning, "A save of job {JobId} was given up by its process: its images were removed", EventName = "UploadFenced")]
        public static partial void Fenced(ILogger logger, string jobId);
    }
}
