using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.StorageManager.Metadata;
using ImageEditor.StorageManager.Settings;
using ImageEditor.StorageManager.Telemetry;
using Microsoft.Extensions.Options;

namespace ImageEditor.StorageManager.Pictures;

/// <summary>Owners' pictures: what they see, and what they delete.</summary>
internal sealed partial class Gallery(Database database, GalleryMetrics metrics, IOptions<GalleryOptions> options, ILogger<Gallery> logger)
{
    /// <summary>Reads a page, newest first.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="after">Where it begins.</param>
    /// <param name="converter">Only pictures of this converter; null for all.</param>
    /// <param name="limit">The most pictures.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    /// <returns>The pictures, and where the next page begins: null after the last.</returns>
    public async Task<(List<Picture> Pictures, PageCursor? Next)> PageAsync(
        Owner owner, PageCursor after, string? converter, int limit, CancellationToken cancellationToken)
    {
        // One more than asked for tells whether there is a next page.
        var pictures = converter is null
            ? await database.QueryAsync(Sql.Page, Rows.Picture, cancellationToken, owner.Id, after.CreatedAt, after.Id, limit + 1)
            : await database.QueryAsync(Sql.PageOfConverter, Rows.Picture, cancellationToken, owner.Id, after.CreatedAt, after.Id, limit + 1, converter);
        if (pictures.Count <= limit)
        {
            return (pictures, null);
        }

        pictures.RemoveAt(limit);
        return (pictures, new PageCursor(pictures[^1].CreatedAt, pictures[^1].Id));
    }

    /// <summary>Reads one picture; null when this owner has no such.</summary>
    public async Task<Picture?> FindAsync(Owner owner, Guid id, CancellationToken cancellationToken) =>
        (await database.QueryAsync(Sql.One, Rows.Picture, cancellationToken, owner.Id, id)).SingleOrDefault();

    /// <summary>Deletes a picture; it can be restored for a day.</summary>
    /// <returns>Whether there was such a picture, or still is to be restored.</returns>
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

    /// <summary>Takes a deletion back.</summary>
    /// <returns>Whether the picture is there.</returns>
    public async Task<bool> RestoreAsync(Owner owner, Guid id, CancellationToken cancellationToken)
    {
        if (await ChangeAsync(Sql.Restore, owner, id, cancellationToken) is not { } job)
        {
            return false;
        }

        Log.Restored(logger, job.ShortId);
        return true;
    }

    /// <summary>Deletes all pictures, and those that jobs created until now are yet to bring.</summary>
    public async Task ClearAsync(Owner owner, CancellationToken cancellationToken)
    {
        var deleted = await ChangeAllAsync(Sql.Clear, owner, cancellationToken);
        metrics.Deleted(deleted);
        Log.Cleared(logger, deleted);
    }

    /// <summary>Removes everything of an account that is gone, beyond restoring, and all that its jobs are yet to bring.</summary>
    public async Task RemoveOwnerAsync(Owner owner, CancellationToken cancellationToken)
    {
        var removed = await ChangeAllAsync(Sql.RemoveOwner, owner, cancellationToken);
        metrics.Purged(removed);
        Log.OwnerRemoved(logger, removed);
    }

    private async Task<JobId?> ChangeAsync(string statement, Owner owner, Guid id, CancellationToken cancellationToken) =>
        await database.QueryAsync(statement, Rows.Job, cancellationToken, owner.Id, id, options.Value.RestoreWithin) is [var job] ? job : null;

    private Task<int> ChangeAllAsync(string statement, Owner owner, CancellationToken cancellationToken) => database.RunAsync(
        async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using (var locking = connection.CreateCommand(Sql.LockOwner, owner.Id))
            {
                await locking.ExecuteNonQueryAsync(cancellationToken);
            }

            await using var change = connection.CreateCommand(statement, owner.Id);

            // A large gallery takes its time.
            change.CommandTimeout = (int)options.Value.ClearTimeout.TotalSeconds;
            var changed = await change.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return changed;
        },
        cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The picture of job {JobId} was deleted", EventName = "PictureDeleted")]
        public static partial void Deleted(ILogger logger, string jobId);

        [LoggerMessage(LogLevel.Information, "The picture of job {JobId} was restored", EventName = "PictureRestored")]
        public static partial void Restored(ILogger logger, string jobId);

        [LoggerMessage(LogLevel.Information, "A gallery was cleared: {Pictures} pictures were deleted", EventName = "GalleryCleared")]
        public static partial void Cleared(ILogger logger, int pictures);

        [LoggerMessage(LogLevel.Information, "An account is gone: {Pictures} pictures were removed", EventName = "OwnerRemoved")]
        public static partial void OwnerRemoved(ILogger logger, int pictures);
    }
}
