using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Leasing;

/// <summary>Claims leased work from one queue and runs it, one attempt at a time in each slot.</summary>
/// <param name="runner">Runs an attempt.</param>
/// <param name="slots">How many attempts run at once.</param>
/// <param name="idle">The slots that wait for work.</param>
/// <param name="options">How long work may go on when the process stops.</param>
/// <param name="time">The clock.</param>
internal abstract class LeasedWorker<TClaim>(
    LeasedRunner<TClaim> runner, int slots, IdleSlots<TClaim> idle, IOptions<LeasingOptions> options, TimeProvider time)
    : BackgroundService
    where TClaim : LeaseClaim
{
    private static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan MinRetryDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a slot that was given work waits for a claim, too. What comes then is run next, so it is less than a claim holds that is not
    /// acknowledged.
    /// </summary>
    private static readonly TimeSpan MaxKept = TimeSpan.FromMilliseconds(500);

    /// <summary>Cancelled when a claim that is waited for is no longer wanted.</summary>
    protected virtual CancellationToken WhileReady => CancellationToken.None;

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var abort = new CancellationTokenSource();
        using var registration = stoppingToken.Register(() =>
        {
            idle.Close();
            abort.CancelAfter(options.Value.ShutdownGrace);
        });
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
    /// <param name="atOnce">Whether another slot or process may run it at once; else the work cannot be run now.</param>
    protected abstract Task ReleaseAsync(TClaim claim, bool atOnce);

    protected abstract void LogClaimFailed(string reason);

    protected abstract void LogAttemptLost(Exception exception, TClaim claim);

    /// <param name="stopping">No further work is to be claimed.</param>
    /// <param name="abort">The work in progress is to be released.</param>
    private async Task RunSlotAsync(CancellationToken stopping, CancellationToken abort)
    {
        var withdrawal = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var next = ClaimNextAsync(withdrawal.Token);
        try
        {
            while (true)
            {
                if (!next.IsCompleted)
                {
                    var slot = idle.Enter();
                    await Task.WhenAny(next, slot.Taken);
                    if (!idle.TryLeave(slot))
                    {
                        if (await slot.Work is not { } given || await RunGivenAsync(given, withdrawal, next, abort))
                        {
                            continue;
                        }

                        withdrawal.Dispose();
                        withdrawal = CancellationTokenSource.CreateLinkedTokenSource(stopping);
                        next = ClaimNextAsync(withdrawal.Token);
                        continue;
                    }
                }

                if (await next is not { } claim)
                {
                    return;
                }

                await RunAsync(claim, abort);
                next = ClaimNextAsync(withdrawal.Token);
            }
        }
        finally
        {
            withdrawal.Dispose();
        }
    }

    /// <summary>
    /// Runs work that the slot was given while it waited for a claim. The wait goes on meanwhile, unless the work takes long: then another
    /// slot is to have what comes for this one.
    /// </summary>
    /// <returns>Whether it still goes on.</returns>
    private async Task<bool> RunGivenAsync(
        TClaim given, CancellationTokenSource withdrawal, Task<TClaim?> next, CancellationToken abort)
    {
        var run = RunAsync(given, abort);
        var isQuick = await Task.WhenAny(run, Task.Delay(MaxKept, time, CancellationToken.None)) == run;
        if (!isQuick)
        {
            await withdrawal.CancelAsync();
            if (await next is { } claim)
            {
                await TryReleaseAsync(claim, atOnce: true);
            }
        }

        await run;
        return isQuick;
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
                    await ReleaseUnusedClaimAsync(token, atOnce: false);
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
            await ReleaseUnusedClaimAsync(token, atOnce: true);
        }

        return null;
    }

    /// <summary>A claim may have been granted while its request was being cancelled; once released, it costs no lease time.</summary>
    private async Task ReleaseUnusedClaimAsync(string token, bool atOnce)
    {
        try
        {
            if (await ClaimAsync(token, TimeSpan.Zero, CancellationToken.None) is { } claim)
            {
                await ReleaseAsync(claim, atOnce);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or JsonException)
        {
            // No job manager takes it back: the lease will expire.
            LogClaimFailed(exception.Message);
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
