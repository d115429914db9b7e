using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.StorageManager.Metadata;
using ImageEditor.StorageManager.Pictures;

namespace ImageEditor.StorageManager.Saving;

/// <summary>
/// A save in progress, registered in the database before its first byte: as long as its process lives and renews it, the sweeper leaves its images alone.
/// A process that could not renew it for half of its life stops writing by itself.
/// </summary>
internal sealed partial class Upload : IAsyncDisposable
{
    private const int RenewalsPerLife = 6;

    private readonly Database _database;
    private readonly TimeSpan _life;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenSource _lost;
    private readonly Task _renewing;
    private bool _finished;

    private Upload(PicturePlace place, Database database, TimeSpan life, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        (Place, _database, _life, _time, _logger) = (place, database, life, time, logger);
        _lost = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _renewing = RenewAsync();
    }

    /// <summary>Where its images go.</summary>
    public PicturePlace Place { get; }

    /// <summary>Cancelled when the caller hangs up, and when the upload could not be renewed.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Registers an upload.</summary>
    /// <exception cref="MetadataUnavailableException">The database did not answer.</exception>
    public static async Task<Upload> BeginAsync(
        Owner owner, JobId job, Database database, TimeSpan life, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var place = new PicturePlace(owner, job, Guid.NewGuid());
        await database.ExecuteAsync(Sql.BeginUpload, cancellationToken, place.Id, owner.Id, job.ToString(), life);
        return new Upload(place, database, life, time, logger, cancellationToken);
    }

    /// <summary>The upload became a picture: its images stay.</summary>
    public void Finish() => _finished = true;

    /// <summary>Hands the images of an upload that became no picture to the sweeper.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _renewing;
        _ended.Dispose();
        _lost.Dispose();
        if (_finished)
        {
            return;
        }

        try
        {
            // An upload that did become a picture, though the answer got lost, is not found by this.
            await _database.ExecuteAsync(Sql.DiscardUpload, CancellationToken.None, Place.Id);
        }
        catch (MetadataUnavailableException)
        {
            // It is not renewed any more, so the sweeper comes for it when its life is over.
            Log.Left(_logger, Place.Job.ShortId);
        }
    }

    private async Task RenewAsync()
    {
        var renewed = _time.GetTimestamp();
        using var timer = new PeriodicTimer(_life / RenewalsPerLife, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token))
            {
                try
                {
                    var now = _time.GetTimestamp();
                    if (await _database.ExecuteAsync(Sql.RenewUpload, _ended.Token, Place.Id, _life) == 0)
                    {
                        await _lost.CancelAsync();
                        return;
                    }

                    renewed = now;
                }
                catch (MetadataUnavailableException)
                {
                    if (_time.GetElapsedTime(renewed) > _life / 2)
                    {
                        await _lost.CancelAsync();
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
        [LoggerMessage(LogLevel.Warning, "The images of a save of job {JobId} that came to nothing stay until the sweeper finds them", EventName = "UploadLeft")]
        public static partial void Left(ILogger logger, string jobId);
    }
}
