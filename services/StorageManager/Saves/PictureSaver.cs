using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;
using ImageEditor.StorageManager.Gallery;
using ImageEditor.StorageManager.Metadata;
using ImageEditor.StorageManager.Pictures;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ImageEditor.StorageManager.Saves;

/// <summary>Saves pictures: first the images, then the row that makes them part of the gallery.</summary>
internal sealed partial class PictureSaver(
    Database database,
    PictureFormReader form,
    GalleryMetrics metrics,
    TimeProvider time,
    IOptions<GalleryOptions> options,
    ILogger<PictureSaver> logger)
{
    /// <summary>Saves the picture in a request's body. The call may be repeated: the picture is saved once.</summary>
    /// <exception cref="ProblemException">The body is invalid or too long.</exception>
    /// <exception cref="MetadataUnavailableException">The database did not answer: the picture may be saved; try again.</exception>
    /// <exception cref="ImageStorage.ImageStorageException">An image could not be stored: the picture is not saved; try again.</exception>
    public async Task<SaveOutcome> SaveAsync(Owner owner, JobId job, HttpRequest request)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        if (await FindExistingAsync(owner, job, cancellationToken) is { } existing)
        {
            return RecordOutcome(existing, job, bytes: 0);
        }

        await using var upload = await Upload.BeginAsync(
            owner, job, database, options.Value.UploadLifetime, time, logger, cancellationToken);
        Picture picture;
        try
        {
            picture = await form.ReadAsync(request, upload.Location, upload.Aborted);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MetadataUnavailableException("The upload could not be renewed in time.");
        }

        var outcome = await CommitAsync(picture, cancellationToken);
        if (outcome == SaveOutcome.Saved)
        {
            upload.MarkAsPicture();
        }

        return RecordOutcome(outcome, job, picture.Bytes);
    }

    // Checked before the body is read: it is large and may not be needed.
    private async Task<SaveOutcome?> FindExistingAsync(Owner owner, JobId job, CancellationToken cancellationToken)
    {
        var existing = await database.QueryAsync(Sql.FindExisting, ReadExisting, cancellationToken, owner.Id, job.ToString());
        return existing.Single();
    }

    private Task<SaveOutcome> CommitAsync(Picture picture, CancellationToken cancellationToken) => database.RunAsync(
        async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await connection.ExecuteAsync(Sql.LockOwner, cancellationToken, picture.Location.Owner.Id);
            if (await connection.ExecuteAsync(Sql.InsertPicture, cancellationToken, Values(picture)) == 0)
            {
                var existing = await connection.QueryAsync(
                    Sql.FindExisting, ReadExisting, cancellationToken, picture.Location.Owner.Id, picture.Location.Job.ToString());

                // Without a picture, it is a tombstone of the owner that kept the row out.
                return existing.Single() ?? SaveOutcome.Deleted;
            }

            if (picture.LaterConverters is { Count: > 0 } later)
            {
                await connection.ExecuteAsync(
                    Sql.InsertLaterSteps, cancellationToken, picture.Id, picture.Location.Owner.Id, picture.CreatedAt, later.ToArray());
            }

            if (await connection.ExecuteAsync(Sql.EndUpload, cancellationToken, picture.Location.Id) == 0)
            {
                throw new MetadataUnavailableException("The sweep aborted the upload, since it was not renewed in time.");
            }

            await transaction.CommitAsync(cancellationToken);
            return SaveOutcome.Saved;
        },
        cancellationToken);

    private SaveOutcome RecordOutcome(SaveOutcome outcome, JobId job, long bytes)
    {
        switch (outcome)
        {
            case SaveOutcome.Saved:
                metrics.Saved(bytes);
                Log.Saved(logger, job.ShortId, bytes);
                break;
            case SaveOutcome.AlreadySaved:
                Log.AlreadySaved(logger, job.ShortId);
                break;
            default:
                metrics.Refused();
                Log.Refused(logger, job.ShortId);
                break;
        }

        return outcome;
    }

    /// <summary>Reads whether the picture is deleted (null: there is none), and whether the account is.</summary>
    private static SaveOutcome? ReadExisting(NpgsqlDataReader row) =>
        row.GetBoolean(1) ? SaveOutcome.Deleted
        : row.IsDBNull(0) ? null
        : row.GetBoolean(0) ? SaveOutcome.Deleted
        : SaveOutcome.AlreadySaved;

    private static object[] Values(Picture picture) =>
    [
        picture.Id, picture.Location.Owner.Id, picture.Location.Job.ToString(), picture.CreatedAt, picture.Converter,
        picture.Parameters.GetRawText(), .. Values(picture.Original), .. Values(picture.Converted), .. Values(picture.Thumbnail),
        (object?)picture.Name ?? DBNull.Value, picture.Recipe.Count > 1 ? Recipe.Write(picture.Recipe) : DBNull.Value,
        .. Values(picture.Display),
    ];

    private static object[] Values(StoredImage? image) => image is null
        ? [DBNull.Value, DBNull.Value, DBNull.Value, DBNull.Value, DBNull.Value]
        : [image.Type, image.Bytes, image.Hash, image.Width, image.Height];

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The picture of job {JobId} is saved: {Bytes} bytes", EventName = "PictureSaved")]
        public static partial void Saved(ILogger logger, string jobId, long bytes);

        [LoggerMessage(LogLevel.Information, "The picture of job {JobId} was saved already", EventName = "PictureSavedAgain")]
        public static partial void AlreadySaved(ILogger logger, string jobId);

        [LoggerMessage(LogLevel.Information, "The picture of job {JobId} was deleted before it came: not saved", EventName = "SaveRefused")]
        public static partial void Refused(ILogger logger, string jobId);
    }
}
