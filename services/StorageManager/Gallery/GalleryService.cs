using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.StorageManager.Metadata;
using ImageEditor.StorageManager.Pictures;
using Microsoft.Extensions.Options;

namespace ImageEditor.StorageManager.Gallery;

/// <summary>Lists, deletes and restores the pictures of an owner.</summary>
internal sealed partial class GalleryService(
    Database database, GalleryMetrics metrics, IOptions<GalleryOptions> options, ILogger<GalleryService> logger)
{
    /// <summary>Reads a page, newest first.</summary>
    /// <param name="owner">The owner of the pictures.</param>
    /// <param name="after">Where the page begins.</param>
    /// <param name="converter">The converter whose pictures to list, those of recipes with any step of it; null for all.</param>
    /// <param name="limit">The maximum number of pictures.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    public async Task<PicturePage> ReadPageAsync(
        Owner owner, PageCursor after, string? converter, int limit, CancellationToken cancellationToken)
    {
        // One more than asked for tells whether there is a next page.
        var pictures = converter is null
            ? await database.QueryAsync(
                Sql.Page, PictureRows.ReadPicture, cancellationToken, owner.Id, after.CreatedAt, after.Id, limit + 1)
            : await ReadPageOfConverterAsync(owner, after, converter, limit + 1, cancellationToken);
        if (pictures.Count <= limit)
        {
            return new PicturePage(pictures, null);
        }

        pictures.RemoveAt(limit);
        return new PicturePage(pictures, new PageCursor(pictures[^1].CreatedAt, pictures[^1].Id));
    }

    /// <summary>The pictures whose first step the converter is, and those that have it as a later one; none is both.</summary>
    private async Task<List<Picture>> ReadPageOfConverterAsync(
        Owner owner, PageCursor after, string converter, int limit, CancellationToken cancellationToken)
    {
        object[] parameters = [owner.Id, after.CreatedAt, after.Id, limit, converter];
        var first = await database.QueryAsync(Sql.PageOfConverter, PictureRows.ReadPicture, cancellationToken, parameters);
        var later = await database.QueryAsync(Sql.PageOfLaterStep, PictureRows.ReadPicture, cancellationToken, parameters);
        return later is [] ? first : [.. first.Concat(later)
            .OrderByDescending(picture => picture.CreatedAt)
            .ThenByDescending(picture => picture.Id)
            .Take(limit)];
    }

    /// <summary>Reads one picture; null when this owner has none with this id.</summary>
    public async Task<Picture?> FindAsync(Owner owner, Guid id, CancellationToken cancellationToken) =>
        (await database.QueryAsync(Sql.FindPicture, PictureRows.ReadPicture, cancellationToken, owner.Id, id)).SingleOrDefault();

    /// <summary>Deletes a picture. It can be restored for <see cref="GalleryOptions.RestorePeriod"/>.</summary>
    /// <returns>Whether there is such a picture, deleted before or not.</returns>
    public async Task<bool> DeleteAsync(Owner owner, Guid id, CancellationToken cancellationToken)
    {
        if (await ChangeAsync(Sql.Delete, owner, id, cancellationToken) is not { } job)
        {
            return false;
        }

        metrics.Deleted(1);
        Log.Deleted(logger, job.ShortId);
        return true;
    }

    /// <summary>Restores a deleted picture.</summary>
    /// <returns>Whether the picture is in the gallery now.</returns>
    public async Task<bool> RestoreAsync(Owner owner, Guid id, CancellationToken cancellationToken)
    {
        if (await ChangeAsync(Sql.Restore, owner, id, cancellationToken) is not { } job)
        {
            return false;
        }

        Log.Restored(logger, job.ShortId);
        return true;
    }

    /// <summary>Deletes all pictures, and those of jobs created until now that are still to be saved.</summary>
    public async Task ClearAsync(Owner owner, CancellationToken cancellationToken)
    {
        var deleted = await database.ExecuteForOwnerAsync(Sql.Clear, owner, options.Value.ClearTimeout, cancellationToken);
        metrics.Deleted(deleted);
        Log.Cleared(logger, deleted);
    }

    private async Task<JobId?> ChangeAsync(string statement, Owner owner, Guid id, CancellationToken cancellationToken)
    {
        var jobs = await database.QueryAsync(
            statement, PictureRows.ReadJobId, cancellationToken, owner.Id, id, options.Value.RestorePeriod);
        return jobs is [var job] ? job : null;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The picture of job {JobId} was deleted", EventName = "PictureDeleted")]
        public static partial void Deleted(ILogger logger, string jobId);

        [LoggerMessage(LogLevel.Information, "The picture of job {JobId} was restored", EventName = "PictureRestored")]
        public static partial void Restored(ILogger logger, string jobId);

        [LoggerMessage(LogLevel.Information, "A gallery was cleared: {Pictures} pictures were deleted", EventName = "GalleryCleared")]
        public static partial void Cleared(ILogger logger, int pictures);
    }
}
