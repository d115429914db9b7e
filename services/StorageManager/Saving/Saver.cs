using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.StorageManager.Metadata;
using ImageEditor.StorageManager.Pictures;
using ImageEditor.StorageManager.Settings;
using ImageEditor.StorageManager.Telemetry;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ImageEditor.StorageManager.Saving;

/// <summary>Saves pictures: first the images, then the row that makes them count.</summary>
internal sealed partial class Saver(
    Database database, PictureForm form, GalleryMetrics metrics, TimeProvider time, IOptions<GalleryOptions> options, ILogger<Saver> logger)
{
    /// <summary>Saves the picture that a request brings. Doing so twice, or two at once, saves once.</summary>
    /// <exception cref="BadHttpRequestException">The body is not as it should be.</exception>
    /// <exception cref="MetadataUnavailableException">The database did not answer: perhaps saved; try again.</exception>
    /// <exception cref="ImageStorage.ImageStorageException">An image could not be kept: not saved; try again.</exception>
    public async Task<SaveOutcome> SaveAsync(Owner owner, JobId job, HttpRequest request)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        if (await LookAsync(owner, job, cancellationToken) is { } known)
        {
            return Told(known, job, bytes: 0);
        }

        await using var upload = await Upload.BeginAsync(owner, job, database, options.Value.UploadLife, time, logger, cancellationToken);
        Picture picture;
        try
        {
            picture = await form.ReadAsync(request, upload.Place, upload.Lost);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MetadataUnavailableException("The upload could not be renewed in time.");
        }

        var outcome = await CommitAsync(picture, cancellationToken);
        if (outcome == SaveOutcome.Saved)
        {
            upload.Finish();
        }

        return Told(outcome, job, picture.Original.Bytes + picture.Converted.Bytes + (picture.Thumbnail?.Bytes ?? 0));
    }

    // Before the body is read: it is large, and may be in vain.
    private async Task<SaveOutcome?> LookAsync(Owner owner, JobId job, CancellationToken cancellationToken)
    {
        var (deleted, gone) = (await database.QueryAsync(
            Sql.LookBeforeSave, row => (row.IsDBNull(0) ? (bool?)null : row.GetBoolean(0), row.GetBoolean(1)), cancellationToken, owner.Id, job.ToString())).Single();
        return gone || deleted == true ? SaveOutcome.Deleted : deleted == false ? SaveOutcome.AlreadySaved : null;
    }

    private Task<SaveOutcome> CommitAsync(Picture picture, CancellationToken cancellationToken) => database.RunAsync(
        async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await ExecuteAsync(connection, Sql.LockOwner, cancellationToken, picture.Place.Owner.Id);
            if (await ExecuteAsync(connection, Sql.InsertPicture, cancellationToken, Values(picture)) == 0)
            {
                await using var look = connection.CreateCommand(Sql.LookBeforeSave, picture.Place.Owner.Id, picture.Place.Job.ToString());
                var deleted = (await look.ReadAllAsync(row => row.IsDBNull(0) || row.GetBoolean(0) || row.GetBoolean(1), cancellationToken)).Single();
                return deleted ? SaveOutcome.Deleted : SaveOutcome.AlreadySaved;
            }

            if (await ExecuteAsync(connection, Sql.EndUpload, cancellationToken, picture.Place.Id) == 0)
            {
                throw new MetadataUnavailableException("The sweeper took the upload for one that nobody goes on with.");
            }

            await transaction.CommitAsync(cancellationToken);
            return SaveOutcome.Saved;
        },
        cancellationToken);

    private SaveOutcome Told(SaveOutcome outcome, JobId job, long bytes)
    {
        switch (outcome)
        {
            case SaveOutcome.Saved:
                metrics.Saved(bytes);
                Log.Saved(logger, job.ShortId, bytes);
                break;
            case SaveOutcome.AlreadySaved:
                Log.Again(logger, job.ShortId);
                break;
            default:
                metrics.Refused();
                Log.Refused(logger, job.ShortId);
                break;
        }

        return outcome;
    }

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken, params object[] parameters)
    {
        await using var command = connection.CreateCommand(statement, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static object[] Values(Picture picture) =>
    [
        picture.Id, picture.Place.Owner.Id, picture.Place.Job.ToString(), picture.CreatedAt, picture.Converter, picture.Parameters,
        .. Values(picture.Original), .. Values(picture.Converted), .. Values(picture.Thumbnail),
    ];

    private static object[] Values(StoredImage? image) => image is null
        ? [DBNull.Value, DBNull.Value, DBNull.Value, DBNull.Value, DBNull.Value]
        : [image.Type, image.Bytes, image.Hash, image.Width, image.Height];

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The picture of job {JobId} is saved: {Bytes} bytes", EventName = "PictureSaved")]
        public static partial void Saved(ILogger logger, string jobId, long bytes);

        [LoggerMessage(LogLevel.Information, "The picture of job {JobId} was saved already", EventName = "PictureSavedAgain")]
        public static partial void Again(ILogger logger, string jobId);

        [LoggerMessage(LogLevel.Information, "The picture of job {JobId} was deleted before it came: not saved", EventName = "SaveRefused")]
        public static partial void Refused(ILogger logger, string jobId);
    }
}
