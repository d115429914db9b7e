using System.Globalization;
using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Store;
using StackExchange.Redis;

namespace ImageEditor.JobManager.Leasing;

/// <summary>Claims and renews leases, on jobs and on saves alike. Each call may be repeated when its response got lost.</summary>
internal sealed class LeaseStore(StoreConnection store, JobScriptRunner scripts, DeliveredResults delivered)
{
    /// <summary>How far a claim reads into a queue: others may claim its first entries before the script runs.</summary>
    private const int Candidates = 8;

    /// <summary>How far it reads where several queues have entries: claims that come at once are for different ones.</summary>
    private const int CandidatesOfSeveral = 3;

    /// <summary>How often one claim skips jobs whose saves would not fit. The next claim continues behind them.</summary>
    private const int MaxSkippedPerClaim = 16;

    /// <summary>How often one claim makes room for a result: others may take it before it does.</summary>
    private const int MaxRoomsPerClaim = 4;

    /// <summary>Claims what is first in one of several queues. Whose turn it is decides the script.</summary>
    /// <param name="kind">What is leased.</param>
    /// <param name="queues">The queues.</param>
    /// <param name="token">While the lease that it got is held, the same token gets the same claim.</param>
    /// <returns><see cref="ScriptResult.Claimed"/> with the claim's fields; <see cref="ScriptResult.StoreFull"/> or
    /// <see cref="ScriptResult.SavesFull"/> when memory for a result or a save is missing; anything else when nothing waits.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer: the claim may be held or not.</exception>
    public async Task<ScriptReply> ClaimAsync(LeaseKind kind, IReadOnlyList<WorkQueue> queues, string token)
    {
        var (skipped, rooms) = (0, 0);
        while (true)
        {
            var (held, firsts) = await store.RunAsync(async database =>
            {
                var held = database.StringGetAsync(StoreKeys.Claim(kind, token));
                var firsts = queues.Select(queue => database.SortedSetRangeByRankAsync(queue.Key, 0, Candidates - 1)).ToList();
                return (await held, await Task.WhenAll(firsts));
            });
            var waiting = queues.Zip(firsts).Where(queue => queue.Second.Length > 0).ToList();
            if (held.IsNull && waiting.Count == 0)
            {
                return ScriptReply.NotFound;
            }

            var most = waiting.Count > 1 ? CandidatesOfSeveral : Candidates;
            var reply = await store.RunAsync(
                ScriptName.Claim,
                StoreKeys.OfScript(
                    StoreKeys.None,
                    [
                        StoreKeys.Claim(kind, token),
                        held.IsNull ? StoreKeys.None : StoreKeys.Job(held.ToString()),
                        .. waiting.SelectMany(queue => (RedisKey[])
                            [queue.First.Key, queue.First.Turns, .. queue.Second.Take(most).Select(id => StoreKeys.Job(id.ToString()))]),
                    ]),
                [
                    Name(kind), token, held.IsNull ? "" : held,
                    .. waiting.SelectMany(queue => (RedisValue[])
                        [queue.First.Converter, Math.Min(most, queue.Second.Length), .. queue.Second.Take(most)]),
                ]);
            var isEnd = reply.Result switch
            {
                // With empty queues, only the job of the token's former claim was there to check.
                ScriptResult.Retry => waiting.Count == 0,
                ScriptResult.StoreFull => ++rooms > MaxRoomsPerClaim || !await delivered.MakeRoomAsync(),
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
    /// <returns><see cref="ScriptResult.Renewed"/>, or why not: <see cref="ScriptResult.NotFound"/>, <see cref="ScriptResult.Stale"/> or
    /// <see cref="ScriptResult.Cancelled"/>.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<ScriptResult> RenewAsync(HeldLease lease)
    {
        var (result, fields) = await scripts.RunAsync(
            ScriptName.Renew, lease.Id, upload: null, Name(lease.Kind), lease.Attempt,
            ReportedProgress.Format(lease.Progress, lease.Step));
        if (fields.Flag("changed"))
        {
            store.Publish(StoreKeys.Changed, lease.Id.ToString());
        }

        return result;
    }

    /// <summary>Renews many leases, by one script as long as each of them is held.</summary>
    /// <returns>For each of them what <see cref="RenewAsync(HeldLease)"/> returns.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer: some may be renewed.</exception>
    public async Task<IReadOnlyList<ScriptResult>> RenewAsync(IReadOnlyList<HeldLease> leases)
    {
        if (leases.Count == 0)
        {
            return [];
        }

        var (_, outcomes) = await store.RunAsync(
            ScriptName.RenewAll,
            StoreKeys.OfScript(StoreKeys.None, leases.Select(lease => StoreKeys.Job(lease.Id))),
            [.. leases.SelectMany(
                lease => (RedisValue[])
                [
                    Name(lease.Kind), lease.Id.ToString(), lease.Attempt, ReportedProgress.Format(lease.Progress, lease.Step),
                ])]);
        var results = new ScriptResult[leases.Count];
        foreach (var (index, lease) in leases.Index())
        {
            // The script counts from 1.
            var outcome = outcomes.Text(string.Create(CultureInfo.InvariantCulture, $"{index + 1}"));
            results[index] = outcome == "single" ? await RenewAsync(lease) : ScriptResult.Renewed;
            if (outcome == "changed")
            {
                store.Publish(StoreKeys.Changed, lease.Id.ToString());
            }
        }

        return results;
    }

    private static string Name(LeaseKind kind) => kind == LeaseKind.Job ? "job" : "save";
}
