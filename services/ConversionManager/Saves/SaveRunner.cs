using System.Threading.RateLimiting;
using ImageEditor.ConversionManager.Clients;
using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.ConversionManager.Leasing;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Saves;

/// <summary>Runs one attempt at a save: sends original, result and their small copies to the storage manager.</summary>
/// <remarks>Whatever interrupts it, the next attempt repeats all of it: saving twice saves once.</remarks>
internal sealed partial class SaveRunner(
    SaveClient saves,
    StorageManagerClient storage,
    GalleryCopyClient copies,
    LeaseTelemetry telemetry,
    LeaseKeeper keeper,
    IOptions<SaveOptions> options,
    TimeProvider time,
    ILogger<SaveRunner> logger)
    : LeasedRunner<SaveClaim>("save", "save.attempt", LeaseKind.Save, keeper, time), IDisposable
{
    private const int BytesPerPermit = 64 << 10;
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(60);

    private readonly ConcurrencyLimiter _memoryBudget = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = Permits(options.Value.BufferBytes),
        QueueLimit = int.MaxValue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    public void Dispose() => _memoryBudget.Dispose();

    protected override async Task<bool> WorkAsync(SaveClaim claim, AttemptProgress progress, CancellationToken stop)
    {
        if (await SaveAsync(claim, stop) is not { } report)
        {
            return false;
        }

        var status = await saves.EndAsync(claim, report, stop);
        Log.Ended(logger, claim.ShortId, claim.Attempt, report.Outcome, report.Detail, status);
        return true;
    }

    protected override Task ReleaseAsync(SaveClaim claim)
    {
        Log.Released(logger, claim.ShortId, claim.Attempt);
        return saves.EndAsync(claim, SaveReport.Released, CancellationToken.None);
    }

    protected override Task ReportCrashAsync(SaveClaim claim, Exception exception)
    {
        Log.AttemptCrashed(logger, exception, claim.ShortId, claim.Attempt);
        return saves.EndAsync(claim, SaveReport.Retry("A fault of the conversion manager."), CancellationToken.None);
    }

    protected override void LogLeaseLost(SaveClaim claim) => Log.LeaseLost(logger, claim.ShortId, claim.Attempt);

    /// <returns>How the save ended; null when the lease is lost.</returns>
    private async Task<SaveReport?> SaveAsync(SaveClaim claim, CancellationToken stop)
    {
        // A save that is larger than the whole budget takes all of it.
        var bytes = claim.Original.Length + claim.Result.Length + GalleryCopyClient.MaxBytesFor(claim.Original.ContentType);
        var permits = Math.Min(Permits(bytes), Permits(options.Value.BufferBytes));
        using var memory = await _memoryBudget.AcquireAsync(permits, stop);
        byte[]? input;
        byte[]? result;
        try
        {
            input = await ReadAsync(claim, "original", claim.Original.Length, stop);
            result = input is null ? null : await ReadAsync(claim, "result", claim.Result.Length, stop);
        }
        catch (Exception exception) when (HttpErrors.IsTransient(exception, stop))
        {
            return SaveReport.Retry("The images could not be read from the job store.");
        }

        if (input is null || result is null)
        {
            return null;
        }

        if (FindOriginal(claim, input) is not { } original || FindResult(claim.Result, result) is not { } converted)
        {
            return SaveReport.Refused(status: null, "The images cannot be measured, though both were when they came.");
        }

        var started = Time.GetTimestamp();
        var thumbnail = await copies.CreateThumbnailAsync(claim, converted, stop);
        var display = thumbnail.Retry is null ? await copies.CreateDisplayAsync(claim, original, stop) : GalleryCopy.None;
        telemetry.RecordStage(claim, "thumbnail", Time.GetElapsedTime(started));
        if ((thumbnail.Retry ?? display.Retry) is { } retry)
        {
            return retry;
        }

        started = Time.GetTimestamp();
        var report = await storage.SaveAsync(claim, original, converted, thumbnail.Image, display.Image, stop);
        telemetry.RecordStage(claim, "save", Time.GetElapsedTime(started));
        return report;
    }

    /// <returns>The image; null when the lease is lost.</returns>
    private async Task<byte[]?> ReadAsync(SaveClaim claim, string image, long length, CancellationToken stop)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(ReadTimeout);
        using var response = await saves.OpenImageAsync(claim, image, timeout.Token);
        if (response is null)
        {
            return null;
        }

        var bytes = new byte[length];
        await (await response.Content.ReadAsStreamAsync(timeout.Token)).ReadExactlyAsync(bytes, timeout.Token);
        return bytes;
    }

    private static ImageFile? FindOriginal(SaveClaim claim, byte[] input) => claim.Images is [var image, ..] && image.IsInside(input.Length)
        ? new ImageFile(input.AsMemory(image.Offset, image.Length), image.ContentType, image.Width, image.Height)
        : UnmeasuredImage.Measure(input, claim.Original.ContentType);

    private static ImageFile? FindResult(SavedImage image, byte[] bytes) => image is { Width: > 0, Height: > 0 }
        ? new ImageFile(bytes, image.ContentType, image.Width, image.Height)
        : UnmeasuredImage.Measure(bytes, image.ContentType);

    private static int Permits(long bytes) => (int)Math.Max(1, (bytes + BytesPerPermit - 1) / BytesPerPermit);

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Information,
            "Save of job {JobId} attempt {Attempt}: {Outcome}, {Reason}; lease {Status}",
            EventName = "SaveAttemptEnded")]
        public static partial void Ended(ILogger logger, string jobId, int attempt, string outcome, string? reason, LeaseStatus status);

        [LoggerMessage(
            LogLevel.Information,
            "Save of job {JobId} attempt {Attempt}: the lease is lost, the work is dropped",
            EventName = "SaveLeaseLost")]
        public static partial void LeaseLost(ILogger logger, string jobId, int attempt);

        [LoggerMessage(
            LogLevel.Information, "Save of job {JobId} attempt {Attempt} is released: this process stops", EventName = "SaveReleased")]
        public static partial void Released(ILogger logger, string jobId, int attempt);

        [LoggerMessage(
            LogLevel.Error, "Save of job {JobId} attempt {Attempt} met a fault of this service", EventName = "SaveAttemptCrashed")]
        public static partial void AttemptCrashed(ILogger logger, Exception exception, string jobId, int attempt);
    }
}
