using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.StorageManager.Metadata;
using ImageEditor.StorageManager.Pictures;

namespace ImageEditor.StorageManager.Saves;

/// <summary>
/// A save in progress. It is registered in the database before its first byte: as long as its process renews it, the sweep does not touch
/// its images. A process that could not renew it for half of its lifetime stops writing by itself.
/// </summary>
internal sealed partial class Upload : IAsyncDisposable
{
    private const int RenewalsPerLifetime = 6;

    private readonly Database _database;
    private readonly TimeSpan _lifetime;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenSource _aborted;
    private readonly Task _renewing;
    private bool _isPicture;

    private Upload(
        ImageLocation location,
        Database database,
        TimeSpan lifetime,
        TimeProvider time,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        (Location, _database, _lifetime, _time, _logger) = (location, database, lifetime, time, logger);
        _aborted = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _renewing = RenewAsync();
    }

    /// <summary>Where its images are.</summary>
    public ImageLocation Location { get; }

    /// <summary>Cancelled when the caller aborts the request, and when the upload could not be renewed.</summary>
    public CancellationToken Aborted => _aborted.Token;

    /// <summary>Registers an upload.</summary>
    /// <exception cref="MetadataUnavailableException">The database did not answer.</exception>
    public static async Task<Upload> BeginAsync(
        Owner owner,
        JobId job,
        Database database,
        TimeSpan lifetime,
        TimeProvider time,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        var location = new ImageLocation(owner, job, Guid.NewGuid());
        await database.ExecuteAsync(Sql.BeginUpload, cancellationToken, location.Id, owner.Id, job.ToString(), lifetime);
        return new Upload(location, database, lifetime, time, logger, cancellationToken);
    }

    /// <summary>Keeps the images, since the upload became a picture.</summary>
    public void MarkAsPicture() => _isPicture = true;

    /// <summary>Marks the images of an upload that became no picture for the sweep.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _renewing;
        _ended.Dispose();
        _aborted.Dispose();
        if (_isPicture)
        {
            return;
        }

        try
        {
            // This finds no row when the upload did become a picture, although the response of the database was lost.
            await _database.ExecuteAsync(Sql.DiscardUpload, CancellationToken.None, Location.Id);
        }
        catch (MetadataUnavailableException)
        {
            // It is not renewed any more, so the sweep removes it at the end of its lifetime.
            Log.Left(_logger, Location.Job.ShortId);
        }
    }

    private async Task RenewAsync()
    {
        var renewed = _time.GetTimestamp();
        using var timer = new PeriodicTimer(_lifetime / RenewalsPerLifetime, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token))
            {
                try
                {
                    var now = _time.GetTimestamp();
                    if (await _database.ExecuteAsync(Sql.RenewUpload, _ended.Token, Location.Id, _lifetime) == 0)
                    {
                        await _aborted.CancelAsync();
                        return;
                    }

                    renewed = now;
                }
                catch (MetadataUnavailableException)
                {
                    if (_time.GetElapsedTime(renewed) > _lifetime / 2)
                    {
                        await _aborted.CancelAsync();
                        return;
                    }
                }
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The save is over.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning, "The images of a failed save of job {JobId} stay until the sweep removes them", EventName = "UploadLeft")]
        public static partial void Left(ILogger logger, string jobId);
    }
}
