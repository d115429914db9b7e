using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Leasing;

/// <summary>
/// Claims leased work from one queue and runs it, one attempt at a time in each slot. One claim waits at a time, however many slots are
/// free; who has work for a slot, and takes it, comes before the queue.
/// </summary>
/// <param name="runner">Runs an attempt.</param>
/// <param name="slots">How many attempts run at once.</param>
/// <param name="options">How long work may go on when the process stops.</param>
/// <param name="time">The clock.</param>
internal abstract class LeasedWorker<TClaim>(
    LeasedRunner<TClaim> runner, WorkSlots<TClaim> slots, IOptions<LeasingOptions> options, TimeProvider time)
    : BackgroundService
    where TClaim : LeaseClaim
{
    private static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan MinRetryDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a claim is waited for while no slot is free, and a slot for a claim: others may have taken the slots meanwhile, and need
    /// them for a moment only. Both together are less than a claim holds that is not acknowledged.
    /// </summary>
    private static readonly TimeSpan MaxWithoutSlot = TimeSpan.FromMilliseconds(500);

    /// <summary>Cancelled when a claim that is waited for is no longer wanted as it is.</summary>
    protected virtual CancellationToken WhileReady => CancellationToken.None;

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var abort = new CancellationTokenSource();
        slots.Open(claim => RunAsync(claim, abort.Token));
        using var registration = stoppingToken.Register(() =>
        {
            slots.Close();
            abort.CancelAfter(options.Value.ShutdownGrace);
        });
        await ClaimAndRunAsync(stoppingToken);

        // Where there is never anything to claim, others use the slots all the same: loans and steps, until the process stops.
        await Task.Delay(Timeout.InfiniteTimeSpan, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        slots.Close();
        await slots.WaitUntilUnusedAsync();
    }

    /// <summary>Waits until work can be run.</summary>
    /// <returns>False when there will never be any.</returns>
    protected abstract Task<bool> WaitUntilReadyAsync(CancellationToken stopping);

    /// <summary>Claims work, and waits for some for a while.</summary>
    /// <returns>The claim; null when there was nothing to do.</returns>
    protected abstract Task<TClaim?> ClaimAsync(string token, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>Whether work can be run that was granted while its claim was no longer wanted as it was.</summary>
    protected virtual bool CanRun(TClaim claim) => false;

    /// <summary>Returns work to the queue that was never begun.</summary>
    /// <param name="claim">The lease.</param>
    /// <param name="atOnce">Whether another slot or process may run it at once; else the work cannot be run now.</param>
    protected abstract Task ReleaseAsync(TClaim claim, bool atOnce);

    protected abstract void LogClaimFailed(string reason);

    protected abstract void LogAttemptLost(Exception exception, TClaim claim);

    /// <summary>Claims work while slots are free, until the process stops or there will never be any.</summary>
    private async Task ClaimAndRunAsync(CancellationToken stopping)
    {
        while (true)
        {
            bool isKept;
            try
            {
                isKept = await slots.WaitForFreeAsync(stopping);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            using var withdrawal = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            if (await ClaimUnlessExhaustedAsync(isKept, withdrawal) is { } claim)
            {
                if (await slots.TakeAsync(MaxWithoutSlot, time) is { } slot)
                {
                    slot.Give(claim);
                }
                else
                {
                    await TryReleaseAsync(claim, atOnce: true);
                }
            }
            else if (isKept && !stopping.IsCancellationRequested)
            {
                // There is nothing to do but the step that waits for the slot.
                slots.PassTurn();
            }
            else if (stopping.IsCancellationRequested || !withdrawal.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Claims work, and withdraws the claim when all slots are taken for longer than a moment: then another process is to have what comes.
    /// </summary>
    /// <param name="isKept">Whether a step waits for the slot: then the claim does not wait for work.</param>
    /// <param name="withdrawal">Cancelled when it is withdrawn.</param>
    private async Task<TClaim?> ClaimUnlessExhaustedAsync(bool isKept, CancellationTokenSource withdrawal)
    {
        var next = ClaimNextAsync(isKept, withdrawal.Token);
        using var ended = new CancellationTokenSource();
        var exhausted = slots.WaitUntilExhaustedAsync(MaxWithoutSlot, time, ended.Token);
        if (await Task.WhenAny(next, exhausted) == exhausted)
        {
            await withdrawal.CancelAsync();
        }

        await ended.CancelAsync();
        return await next;
    }

    private async Task RunAsync(TClaim claim, CancellationToken abort)
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

    /// <param name="once">Asks once, and does not wait for work.</param>
    /// <param name="withdrawn">Ends the wait.</param>
    /// <returns>The next work; null when it was cancelled, or there will never be any, or there is none now.</returns>
    private async Task<TClaim?> ClaimNextAsync(bool once, CancellationToken withdrawn)
    {
        var token = NewToken();
        var delay = MinRetryDelay;
        try
        {
            while (!(once && WhileReady.IsCancellationRequested) && await WaitUntilReadyAsync(withdrawn))
            {
                var whileReady = WhileReady;
                using var poll = CancellationTokenSource.CreateLinkedTokenSource(withdrawn, whileReady);
                try
                {
                    // The same token until there is a response: it finds a claim again whose response was lost.
                    if (await ClaimAsync(token, once ? TimeSpan.Zero : LongPoll, poll.Token) is var claim && (claim is not null || once))
                    {
                        return claim;
                    }

                    delay = MinRetryDelay;
                }
                catch (OperationCanceledException) when (whileReady.IsCancellationRequested && !withdrawn.IsCancellationRequested)
                {
                    if (await FindUnusedClaimAsync(token) is { } granted)
                    {
                        if (CanRun(granted))
                        {
                            return granted;
                        }

                        await TryReleaseAsync(granted, atOnce: false);
                    }

                    token = NewToken();
                }
                catch (Exception exception) when (!withdrawn.IsCancellationRequested)
                {
                    LogClaimFailed(exception.Message);
                    if (once)
                    {
                        await ReleaseUnusedClaimAsync(token, atOnce: true);
                        return null;
                    }

                    await Task.Delay(delay, time, withdrawn);
                    delay = delay * 2 < MaxRetryDelay ? delay * 2 : MaxRetryDelay;
                }
            }
        }
        catch (OperationCanceledException) when (withdrawn.IsCancellationRequested)
        {
            await ReleaseUnusedClaimAsync(token, atOnce: true);
        }

        return null;
    }

    /// <summary>A claim may have been granted while its request was being cancelled; once released, it costs no lease time.</summary>
    private async Task ReleaseUnusedClaimAsync(string token, bool atOnce)
    {
        if (await FindUnusedClaimAsync(token) is { } claim)
        {
            await TryReleaseAsync(claim, atOnce);
        }
    }

    /// <summary>Finds a claim that was granted while its request was being cancelled.</summary>
    private async Task<TClaim?> FindUnusedClaimAsync(string token)
    {
        try
        {
            return await ClaimAsync(token, TimeSpan.Zero, CancellationToken.None);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or JsonException)
        {
            // No job manager takes it back: the lease will expire.
            LogClaimFailed(exception.Message);
            return null;
        }
    }

    private async Task TryReleaseAsync(TClaim claim, bool atOnce)
    {
        try
        {
            await ReleaseAsync(claim, atOnce);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or JsonException)
        {
            // As above.
            LogClaimFailed(exception.Message);
        }
    }

    private static string NewToken() => Guid.NewGuid().ToString("N");
}
