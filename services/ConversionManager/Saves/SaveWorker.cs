using ImageEditor.ConversionManager.Leasing;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Saves;

/// <summary>Claims saves and runs them, a few at once.</summary>
internal sealed partial class SaveWorker(
    SaveClient jobs,
    StorageManagerClient storage,
    SaveRunner runner,
    IOptions<SaveOptions> options,
    IOptions<LeasingOptions> leasing,
    TimeProvider time,
    ILogger<SaveWorker> logger) : BackgroundService
{
    private static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var abort = new CancellationTokenSource();
        using var registration = stoppingToken.Register(() => abort.CancelAfter(leasing.Value.ShutdownGrace));
        await Task.WhenAll(Enumerable.Range(0, options.Value.Slots).Select(_ => RunSlotAsync(stoppingToken, abort.Token)));
    }

    /// <param name="stopping">No further save is to be claimed.</param>
    /// <param name="abort">The save at hand is to be given back.</param>
    private async Task RunSlotAsync(CancellationToken stopping, CancellationToken abort)
    {
        while (await NextAsync(stopping) is { } claim)
        {
            try
            {
                if (await runner.RunAsync(claim, abort))
                {
                    continue;
                }
            }
            catch (Exception exception)
            {
                // The save comes back when its lease has run out; the slot must not be lost with it.
                Log.AttemptLost(logger, exception, claim.ShortId, claim.Attempt);
                continue;
            }

            // What waits is left alone until somebody is there to take it: no save's pause grows in vain, and all go on soon afterwards.
            Log.StorageManagerUnavailable(logger);
            try
            {
                await storage.WaitUntilReadyAsync(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <returns>The next save; null when the process is to stop.</returns>
    private async Task<SaveClaim?> NextAsync(CancellationToken stopping)
    {
        var token = Guid.NewGuid().ToString("N");
        var pause = ShortestPause;
        try
        {
            while (true)
            {
                try
                {
                    // The same token until there is an answer: a claim whose answer was lost is found again by it.
                    if (await jobs.ClaimAsync(token, LongPoll, stopping) is { } claim)
                    {
                        return claim;
                    }

                    pause = ShortestPause;
                }
                catch (Exception exception) when (!stopping.IsCancellationRequested)
                {
                    Log.ClaimFailed(logger, exception.Message);
                    await Task.Delay(pause, time, stopping);
                    pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await GiveBackAsync(token);
            return null;
        }
    }

    /// <summary>A claim may have been granted while its request was being cancelled; given back, it costs no lease time.</summary>
    private async Task GiveBackAsync(string token)
    {
        try
        {
            if (await jobs.ClaimAsync(token, TimeSpan.Zero, CancellationToken.None) is { } claim)
            {
                await jobs.EndAsync(claim, SaveReport.Released, CancellationToken.None);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            // No job manager to give it back to: the lease will end by itself.
            Log.ClaimFailed(logger, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "No save could be claimed: {Reason}", EventName = "SaveClaimFailed")]
        public static partial void ClaimFailed(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Error, "Save of job {JobId} attempt {Attempt} could not be ended; its lease will run out", EventName = "SaveAttemptLost")]
        public static partial void AttemptLost(ILogger logger, Exception exception, string jobId, int attempt);

        [LoggerMessage(LogLevel.Warning, "The storage manager is away: saves wait", EventName = "StorageManagerAway")]
        public static partial void StorageManagerUnavailable(ILogger logger);
    }
}
