using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.Leasing;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>Claims jobs and runs them: as many at once for each converter as it has slots.</summary>
internal sealed partial class ConversionWorker(
    ConverterCatalog catalog,
    AttemptClient jobs,
    AttemptRunner runner,
    IOptions<AttemptOptions> options,
    IOptions<LeasingOptions> leasing,
    TimeProvider time,
    ILogger<ConversionWorker> logger) : BackgroundService
{
    private static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var abort = new CancellationTokenSource();
        using var registration = stoppingToken.Register(() => abort.CancelAfter(leasing.Value.ShutdownGrace));
        await Task.WhenAll(
            from converter in catalog.All
            from _ in Enumerable.Range(0, options.Value.SlotsPerConverter)
            select RunSlotAsync(converter, stoppingToken, abort.Token));
    }

    /// <param name="converter">Whose jobs to run.</param>
    /// <param name="stopping">No further job is to be claimed.</param>
    /// <param name="abort">The job at hand is to be given back.</param>
    private async Task RunSlotAsync(Converter converter, CancellationToken stopping, CancellationToken abort)
    {
        while (await NextAsync(converter, stopping) is { } claim)
        {
            try
            {
                await runner.RunAsync(claim, converter, abort);
            }
            catch (Exception exception)
            {
                // The job comes back when its lease has run out; the slot must not be lost with it.
                Log.AttemptLost(logger, exception, claim.ShortId, claim.Attempt);
            }
        }
    }

    /// <returns>The next job to run; null when the process is to stop.</returns>
    private async Task<AttemptClaim?> NextAsync(Converter converter, CancellationToken stopping)
    {
        var token = NewToken();
        var pause = ShortestPause;
        try
        {
            while (true)
            {
                await converter.WaitUntilUpAsync(stopping);
                if (converter.Info is { Descriptor.Public: false })
                {
                    // Nobody can hand in jobs for it.
                    return null;
                }

                var whileUp = converter.WhileUp;
                using var poll = CancellationTokenSource.CreateLinkedTokenSource(stopping, whileUp);
                try
                {
                    // The same token until there is an answer: a claim whose answer was lost is found again by it.
                    if (await jobs.ClaimAsync(token, converter.Name, LongPoll, poll.Token) is { } claim)
                    {
                        return claim;
                    }

                    pause = ShortestPause;
                }
                catch (OperationCanceledException) when (whileUp.IsCancellationRequested && !stopping.IsCancellationRequested)
                {
                    await GiveBackAsync(token, converter, JobFailures.ConverterUnreachable());
                    token = NewToken();
                }
                catch (Exception exception) when (!stopping.IsCancellationRequested)
                {
                    Log.ClaimFailed(logger, converter.Name, exception.Message);
                    await Task.Delay(pause, time, stopping);
                    pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await GiveBackAsync(token, converter, JobFailures.Released);
            return null;
        }
    }

    /// <summary>A claim may have been granted while its request was being cancelled; given back, it costs no lease time.</summary>
    private async Task GiveBackAsync(string token, Converter converter, JobFailure because)
    {
        try
        {
            if (await jobs.ClaimAsync(token, converter.Name, TimeSpan.Zero, CancellationToken.None) is { } claim)
            {
                await jobs.FailAsync(claim, because, CancellationToken.None);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            // No job manager to give it back to: the lease will end by itself.
            Log.ClaimFailed(logger, converter.Name, exception.Message);
        }
    }

    private static string NewToken() => Guid.NewGuid().ToString("N");

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "No claim for {Converter} could be made: {Reason}", EventName = "ClaimFailed")]
        public static partial void ClaimFailed(ILogger logger, string converter, string reason);

        [LoggerMessage(LogLevel.Error, "Job {JobId} attempt {Attempt} could not be ended; its lease will run out", EventName = "AttemptLost")]
        public static partial void AttemptLost(ILogger logger, Exception exception, string jobId, int attempt);
    }
}
