using System.Collections.Concurrent;
using System.Diagnostics;

namespace ImageEditor.ConversionManager.Leasing;

/// <summary>
/// Renews all leases of this process together, so that their number costs the job manager little. It has to be stopped after everything
/// that holds leases: the work in progress goes on for a while when the process stops.
/// </summary>
internal sealed partial class LeaseKeeper(ILeaseClient client, TimeProvider time, ILogger<LeaseKeeper> logger) : BackgroundService
{
    /// <summary>How soon a renewal that failed is tried again: another replica of the job manager may answer.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<HeldLease, bool> _held = [];
    private volatile TaskCompletionSource _added = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Renews a lease, until what is returned is disposed.</summary>
    /// <param name="kind">What is leased.</param>
    /// <param name="claim">The lease.</param>
    /// <param name="progress">Is reported with the renewals.</param>
    /// <param name="lose">Stops the work when the lease is lost.</param>
    public HeldLease Hold(LeaseKind kind, LeaseClaim claim, AttemptProgress progress, Func<Task> lose)
    {
        var lease = new HeldLease(kind, claim, progress, lose, ended => _held.TryRemove(ended, out _));
        _held[lease] = true;
        _added.TrySetResult();
        return lease;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

    /// <summary>Renews what is held, until it is cancelled.</summary>
    internal async Task RunAsync(CancellationToken stoppingToken)
    {
        // One renewal is like the other, and of many jobs: not a part of any trace.
        Activity.Current = null;
        try
        {
            while (true)
            {
                await WaitForLeasesAsync(stoppingToken);
                var delay = _held.Keys.Select(lease => lease.Claim.HeartbeatSeconds).DefaultIfEmpty().Min();
                await Task.Delay(TimeSpan.FromSeconds(delay), time, stoppingToken);
                while (!await TryRenewAsync(stoppingToken))
                {
                    await Task.Delay(RetryDelay, time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Nothing is held any more.
        }
    }

    private async Task WaitForLeasesAsync(CancellationToken stopping)
    {
        while (_held.IsEmpty)
        {
            _added = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_held.IsEmpty)
            {
                await _added.Task.WaitAsync(stopping);
            }
        }
    }

    /// <returns>False when the job manager did not answer.</returns>
    private async Task<bool> TryRenewAsync(CancellationToken stopping)
    {
        HeldLease[] leases = [.. _held.Keys];
        if (leases.Length == 0)
        {
            return true;
        }

        try
        {
            foreach (var lost in await client.RenewAsync(leases, stopping))
            {
                await leases[lost].LoseAsync();
            }

            return true;
        }
        catch (LeasesNotRenewedException exception)
        {
            Log.NotRenewed(logger, leases.Length, exception.Message);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning, "{Count} leases were not renewed, and are tried again: {Reason}", EventName = "LeasesNotRenewed")]
        public static partial void NotRenewed(ILogger logger, int count, string reason);
    }
}
