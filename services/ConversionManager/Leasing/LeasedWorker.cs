using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Leasing;

/// <summary>Claims leased work from one queue and runs it, one attempt at a time in each slot.</summary>
internal abstract class LeasedWorker<TClaim>(LeasedRunner<TClaim> runner, int slots, IOptions<LeasingOptions> options, TimeProvider time)
    : BackgroundService
    where TClaim : LeaseClaim
{
    private static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan MinRetryDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(2);

    /// <summary>Cancelled when a claim that is waited for is no longer wanted.</summary>
    protected virtual CancellationToken WhileReady => CancellationToken.None;

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var abort = new CancellationTokenSource();
        using var registration = stoppingToken.Register(() => abort.CancelAfter(options.Value.ShutdownGrace));
        await Task.WhenAll(Enumerable.Range(0, slots).Select(_ => RunSlotAsync(stoppingToken, abort.Token)));
    }

    /// <summary>Waits until work can be run.</summary>
    /// <returns>False when there will never be any.</returns>
    protected abstract Task<bool> WaitUntilReadyAsync(CancellationToken stopping);

    /// <summary>Claims work, and waits for some for a while.</summary>
    /// <returns>The claim; null when there was nothing to do.</returns>
    protected abstract Task<TClaim?> ClaimAsync(string token, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>Returns work to the queue that was never begun.</summary>
    /// <param name="claim">The lease.</param>
    /// <param name="stopping">Whether that is because this process stops; else because the work can no longer be run.</param>
    protected abstract Task ReleaseAsync(TClaim claim, bool stopping);

    protected abstract void LogClaimFailed(string reason);

    protected abstract void LogAttemptLost(Exception exception, TClaim claim);

    /// <param name="stopping">No further work is to be claimed.</param>
    /// <param name="abort">The work in progress is to be released.</param>
    private async Task RunSlotAsync(CancellationToken stopping, CancellationToken abort)
    {
        while (await ClaimNextAsync(stopping) is { } claim)
        {
            try
            {
                await runner.RunAsync(claim, abort);
            }
            catch (Exception exception)
            {
                // The work returns to the queue when its lease expires; the slot must not be lost with it.
                LogAttemptLost(exception, claim);
            }
        }
    }

    /// <returns>The next work; null when the slot has to end.</returns>
    private async Task<TClaim?> ClaimNextAsync(CancellationToken stopping)
    {
        var token = NewToken();
        var delay = MinRetryDelay;
        try
        {
            while (await WaitUntilReadyAsync(stopping))
            {
                var whileReady = WhileReady;
                using var poll = CancellationTokenSource.CreateLinkedTokenSource(stopping, whileReady);
                try
                {
                    // The same token until there is a response: it finds a claim again whose response was lost.
                    if (await ClaimAsync(token, LongPoll, poll.Token) is { } claim)
                    {
                        return claim;
                    }

                    delay = MinRetryDelay;
                }
                catch (OperationCanceledException) when (whileReady.IsCancellationRequested && !stopping.IsCancellationRequested)
                {
                    await ReleaseUnusedClaimAsync(token, stopping: false);
                    token = NewToken();
                }
                catch (Exception exception) when (!stopping.IsCancellationRequested)
                {
                    LogClaimFailed(exception.Message);
                    await Task.Delay(delay, time, stopping);
                    delay = delay * 2 < MaxRetryDelay ? delay * 2 : MaxRetryDelay;
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await ReleaseUnusedClaimAsync(token, stopping: true);
        }

        return null;
    }

    /// <summary>A claim may have been granted while its request was being cancelled; once released, it costs no lease time.</summary>
    private async Task ReleaseUnusedClaimAsync(string token, bool stopping)
    {
        try
        {
            if (await ClaimAsync(token, TimeSpan.Zero, CancellationToken.None) is { } claim)
            {
                await ReleaseAsync(claim, stopping);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or JsonException)
        {
            // No job manager takes it back: the lease will expire.
            LogClaimFailed(exception.Message);
        }
    }

    private static string NewToken() => Guid.NewGuid().ToString("N");
}
