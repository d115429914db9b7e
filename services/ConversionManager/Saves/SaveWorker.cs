using ImageEditor.ConversionManager.Leasing;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Saves;

/// <summary>Claims saves and runs them, while the storage manager can be reached.</summary>
internal sealed partial class SaveWorker(
    SaveClient saves,
    StorageManagerClient storage,
    SaveRunner runner,
    IOptions<SaveOptions> options,
    IOptions<LeasingOptions> leasing,
    TimeProvider time,
    ILogger<SaveWorker> logger)
    : LeasedWorker<SaveClaim>(runner, new WorkSlots<SaveClaim>(options.Value.Slots), leasing, time)
{
    protected override async Task<bool> WaitUntilReadyAsync(CancellationToken stopping)
    {
        if (!storage.IsReachable)
        {
            // No save is tried meanwhile: its retry delay would grow for nothing. All continue soon after the storage manager is back.
            Log.StorageManagerUnavailable(logger);
            await storage.WaitUntilReadyAsync(stopping);
        }

        return true;
    }

    protected override Task<SaveClaim?> ClaimAsync(string token, TimeSpan wait, CancellationToken cancellationToken) =>
        saves.ClaimAsync(token, wait, cancellationToken);

    protected override Task ReleaseAsync(SaveClaim claim, bool atOnce) =>
        saves.EndAsync(claim, SaveReport.Released, CancellationToken.None);

    protected override void LogClaimFailed(string reason) => Log.ClaimFailed(logger, reason);

    protected override void LogAttemptLost(Exception exception, SaveClaim claim) =>
        Log.AttemptLost(logger, exception, claim.ShortId, claim.Attempt);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "No save could be claimed: {Reason}", EventName = "SaveClaimFailed")]
        public static partial void ClaimFailed(ILogger logger, string reason);

        [LoggerMessage(
            LogLevel.Error, "Save of job {JobId} attempt {Attempt} could not be ended; the lease expires", EventName = "SaveAttemptLost")]
        public static partial void AttemptLost(ILogger logger, Exception exception, string jobId, int attempt);

        [LoggerMessage(LogLevel.Warning, "The storage manager is unavailable: saves wait", EventName = "StorageManagerAway")]
        public static partial void StorageManagerUnavailable(ILogger logger);
    }
}
