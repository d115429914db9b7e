using System.Globalization;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;
using StackExchange.Redis;

namespace ImageEditor.JobManager.Leasing;

/// <summary>Claims and renews leases, on jobs and on saves alike. Each call may be repeated when its response got lost.</summary>
internal sealed class LeaseStore(StoreConnection store, JobScriptRunner scripts)
{
    /// <summary>How far a claim reads into the queue: others may claim its first entries before the script runs.</summary>
    private const int Candidates = 8;

    /// <summary>How often one claim skips jobs whose saves would not fit. The next claim continues behind them.</summary>
    private const int MaxSkippedPerClaim = 16;

    /// <summary>Claims what is first in a queue.</summary>
    /// <param name="kind">What is leased.</param>
    /// <param name="queue">The queue.</param>
    /// <param name="token">While the lease that it got is held, the same token gets the same claim.</param>
    /// <returns><see cref="ScriptResult.Claimed"/> with the claim's fields; <see cref="ScriptResult.StoreFull"/> or
    /// <see cref="ScriptResult.SavesFull"/> when memory for a result or a save is missing; anything else when nothing waits.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer: the claim may be held or not.</exception>
    public async Task<ScriptReply> ClaimAsync(LeaseKind kind, RedisKey queue, string token)
    {
        var skipped = 0;
        while (true)
        {
            var (held, waiting) = await store.RunAsync(async database =>
            {
                var held = database.StringGetAsync(StoreKeys.Claim(kind, token));
                var waiting = database.SortedSetRangeByRankAsync(queue, 0, Candidates - 1);
                return (await held, await waiting);
            });
            RedisValue[] candidates = held.IsNull ? waiting : [held, .. waiting.Where(id => id != held)];
            if (candidates.Length == 0)
            {
                return ScriptReply.NotFound;
            }

            var reply = await store.RunAsync(
                ScriptName.Claim,
                [
                    StoreKeys.Due, StoreKeys.Sizes, StoreKeys.Usage, queue, StoreKeys.Claim(kind, token),
                    .. candidates.Select(id => StoreKeys.Job(id.ToString())),
                ],
                [Name(kind), token, .. candidates]);
            var isEnd = reply.Result switch
            {
                // With an empty queue, only the job of the token's former claim was there to check.
                ScriptResult.Retry => waiting.Length == 0,
                ScriptResult.SavesFull => ++skipped == MaxSkippedPerClaim,
                _ => true,
            };
            if (isEnd)
            {
                return reply;
            }
        }
    }

    /// <summary>Renews a lease.</summary>
    /// <param name="kind">What is leased.</param>
    /// <param name="id">The job.</param>
    /// <param name="attempt">The attempt that renews.</param>
    /// <param name="progress">From 0 to 1; null leaves it as it is.</param>
    /// <returns><see cref="ScriptResult.Renewed"/>, or why not: <see cref="ScriptResult.NotFound"/>, <see cref="ScriptResult.Stale"/> or
    /// <see cref="ScriptResult.Cancelled"/>.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public Task<ScriptReply> RenewAsync(LeaseKind kind, JobId id, int attempt, double? progress = null) => scripts.RunAsync(
        ScriptName.Renew, id, upload: null, Name(kind), attempt, progress?.ToString("0.####", CultureInfo.InvariantCulture) ?? "");

    private static string Name(LeaseKind kind) => kind == LeaseKind.Job ? "job" : "save";
}
