using System.Diagnostics;
using System.Threading.RateLimiting;
using ImageEditor.ConversionManager.Leasing;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Saves;

/// <summary>Runs one attempt at a save: original, result and thumbnail to the storage manager, heartbeats all the while.</summary>
/// <remarks>Whatever it is interrupted by, the next attempt does all of it again: saving twice saves once.</remarks>
internal sealed partial class SaveRunner(
    SaveClient jobs,
    StorageManagerClient storage,
    ThumbnailClient thumbnails,
    LeaseTelemetry telemetry,
    IOptions<SaveOptions> options,
    TimeProvider time,
    ILogger<SaveRunner> logger) : IDisposable
{
    private const int BytesPerPermit = 64 << 10;
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(60);

    private readonly ConcurrencyLimiter _memoryBudget = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = Permits(options.Value.BufferBytes),
        QueueLimit = int.MaxValue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Runs the attempt to its end; never throws for what can happen to one.</summary>
    /// <param name="claim">The lease, and what there is to save.</param>
    /// <param name="abort">Give the save back: this process has to end.</param>
    /// <returns>Whether the storage manager could be reached, as far as this attempt knows.</returns>
    public async Task<bool> RunAsync(SaveClaim claim, CancellationToken abort)
    {
        using var activity = LeaseTelemetry.StartActivity(claim, "save", "save.attempt");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(abort);
        var heartbeat = LeaseHeartbeat.RunAsync(token => jobs.RenewAsync(claim, token), claim.HeartbeatSeconds, time, stop);
        try
        {
            var (report, reached) = await SaveAsync(claim, stop.Token);
            if (report is null)
            {
                Log.LeaseLost(logger, claim.ShortId, claim.Attempt);
                return true;
            }

            var status = await jobs.EndAsync(claim, report, stop.Token);
            Log.Ended(logger, claim.ShortId, claim.Attempt, report.Outcome, report.Detail, status);
            return reached;
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            Log.Released(logger, claim.ShortId, claim.Attempt);
            await jobs.EndAsync(claim, SaveReport.Released, CancellationToken.None);
            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Log.LeaseLost(logger, claim.ShortId, claim.Attempt);
            return true;
        }
        catch (Exception exception)
        {
            // A fault of this program must cost the save a pause, not a lease and a slot.
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            Log.AttemptCrashed(logger, exception, claim.ShortId, claim.Attempt);
            await jobs.EndAsync(claim, SaveReport.Retry("A fault of the conversion manager."), CancellationToken.None);
            return true;
        }
        finally
        {
            await stop.CancelAsync();
            await heartbeat;
        }
    }

    public void Dispose() => _memoryBudget.Dispose();

    /// <returns>What came of it, null when the lease is lost; and whether the storage manager could be reached.</returns>
    private async Task<(SaveReport? Report, bool Reached)> SaveAsync(SaveClaim claim, CancellationToken stop)
    {
        // A save that is larger than all of the room has it for itself.
        var permits = Math.Min(Permits(claim.Original.Length + claim.Result.Length), Permits(options.Value.BufferBytes));
        using var room = await _memoryBudget.AcquireAsync(permits, stop);
        byte[]? input;
        byte[]? result;
        try
        {
            input = await ReadAsync(claim, "original", claim.Original.Length, stop);
            result = input is null ? null : await ReadAsync(claim, "result", claim.Result.Length, stop);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return (SaveReport.Retry("The images could not be read from the job store."), true);
        }

        if (input is null || result is null)
        {
            return (null, true);
        }

        if (await OriginalImage.ExtractAsync(input, claim.Original.ContentType, stop) is not { } file
            || MeasuredImage.Of(file) is not { } original
            || MeasuredImage.Of(result) is not { } converted)
        {
            return (SaveReport.Refused(status: null, "The images cannot be measured, though both were when they came."), true);
        }

        var started = time.GetTimestamp();
        var (thumbnail, later) = await thumbnails.CreateThumbnailAsync(claim, converted, stop);
        telemetry.RecordStage(claim, "thumbnail", time.GetElapsedTime(started));
        if (later is not null)
        {
            return (later, true);
        }

        started = time.GetTimestamp();
        var outcome = await storage.SaveAsync(claim, new GalleryUpload(original, converted, thumbnail), stop);
        telemetry.RecordStage(claim, "save", time.GetElapsedTime(started));
        return outcome;
    }

    /// <returns>The image; null when the lease is lost.</returns>
    private async Task<byte[]?> ReadAsync(SaveClaim claim, string image, long length, CancellationToken stop)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(ReadTimeout);
        using var response = await jobs.OpenImageAsync(claim, image, timeout.Token);
        if (response is null)
        {
            return null;
        }

        var bytes = new byte[length];
        await (await response.Content.ReadAsStreamAsync(timeout.Token)).ReadExactlyAsync(bytes, timeout.Token);
        return bytes;
    }

    private static int Permits(long bytes) => (int)Math.Max(1, (bytes + BytesPerPermit - 1) / BytesPerPermit);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Save of job {JobId} attempt {Attempt}: {Outcome}, {Reason}; lease {Status}", EventName = "SaveAttemptEnded")]
        public static partial void Ended(ILogger logger, string jobId, int attempt, string outcome, string? reason, LeaseStatus status);

        [LoggerMessage(LogLevel.Information, "Save of job {JobId} attempt {Attempt}: the lease is lost, the work is dropped", EventName = "SaveLeaseLost")]
        public static partial void LeaseLost(ILogger logger, string jobId, int attempt);

        [LoggerMessage(LogLevel.Information, "Save of job {JobId} attempt {Attempt} is left to another process: this one stops", EventName = "SaveReleased")]
        public static partial void Released(ILogger logger, string jobId, int attempt);

        [LoggerMessage(LogLevel.Error, "Save of job {JobId} attempt {Attempt} met a fault of this service", EventName = "SaveAttemptCrashed")]
        public static partial void AttemptCrashed(ILogger logger, Exception exception, string jobId, int attempt);
    }
}
