using System.Collections.Concurrent;
using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Saves;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.JobManager.Tests.Store;

/// <summary>All operations at once on the same jobs: their results must be consistent.</summary>
public sealed class RaceTests(StoreServers servers, ITestOutputHelper output)
{
    private const int JobCount = 60;
    private const int Workers = 8;

    [Theory, InlineData(StoreKind.Redis, 1_500), InlineData(StoreKind.Garnet, 500)]
    public async Task Operations_RacingOnTheSameJobs_EachJobEndsOnce(StoreKind kind, int rounds)
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var server = await servers.GetAsync(kind);
        await using var first = await OpenAsync(server, empty: true);
        await using var second = await OpenAsync(server, empty: false);
        var race = new Race([first, second]);
        await Task.WhenAll(race.Ids.Select(id => first.CreateAsync(id, owner: race.IsOwned(id) ? TestStore.Owner : null)));

        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => race.RunAsync(new Random(seed + worker), worker % 2, rounds)));
        await race.DrainAsync();

        await race.CheckAsync();
        await Invariants.CheckAsync(first);
        await Task.WhenAll(race.Ids.Select(first.ExpireRetentionAsync));
        await first.SweepAsync();
        await first.AuditAsync();
        await Invariants.CheckEmptyAsync(first);
    }

    private static Task<TestStore> OpenAsync(StoreServer server, bool empty) => TestStore.OpenAsync(
        server,
        jobs =>
        {
            jobs.Lease = TimeSpan.FromMilliseconds(50);
            jobs.MaxErrors = jobs.MaxBrokenConnections = 8;
            jobs.MaxLeaseExpiries = 10_000;
            jobs.SaveRetryDelay = jobs.MaxSaveRetryDelay = TimeSpan.FromMilliseconds(20);
        },
        empty: empty);

    private sealed class Race(TestStore[] replicas)
    {
        private static readonly string[] Kinds =
        [
            FailureKind.Final, FailureKind.Error, FailureKind.Broken, FailureKind.Unavailable, FailureKind.Released,
        ];

        private static readonly string[] SaveOutcomes =
            [SaveOutcome.Saved, SaveOutcome.Refused, SaveOutcome.Retry, SaveOutcome.Retry, SaveOutcome.Released];

        private readonly ConcurrentBag<(JobId Id, int Attempt)> _claims = [];
        private readonly ConcurrentBag<(JobId Id, int Attempt)> _saveClaims = [];
        private readonly ConcurrentDictionary<JobId, ConcurrentBag<(string State, int Attempt)>> _ends = new();
        private readonly ConcurrentDictionary<JobId, ConcurrentBag<string>> _saveEnds = new();

        public JobId[] Ids { get; } = [.. Enumerable.Range(0, JobCount).Select(_ => TestStore.NewId())];

        /// <summary>Every other job has an owner.</summary>
        public bool IsOwned(JobId id) => Array.IndexOf(Ids, id) % 2 == 1;

        public async Task RunAsync(Random random, int replica, int rounds)
        {
            var store = replicas[replica];
            for (var i = 0; i < rounds; i++)
            {
                var (id, attempt) = _claims.IsEmpty ? (Ids[0], 1) : Pick(random, _claims.ToArray());
                var (saveId, saveAttempt) = _saveClaims.IsEmpty ? (Ids[1], 1) : Pick(random, _saveClaims.ToArray());
                switch (random.Next(28))
                {
                    case < 8:
                        await ClaimAsync(store);
                        break;
                    case < 11:
                        await store.Leases.RenewAsync(id, attempt, random.NextDouble());
                        break;
                    case < 13:
                        await CompleteAsync(store, id, attempt);
                        break;
                    case < 17:
                        await FailAsync(store, id, attempt, Pick(random, Kinds));
                        break;
                    case < 18 when random.Next(4) == 0:
                        await CancelAsync(store, Pick(random, Ids));
                        break;
                    case < 22:
                        await ClaimSaveAsync(store);
                        break;
                    case < 23:
                        await store.Saves.RenewAsync(saveId, saveAttempt);
                        break;
                    case < 26:
                        await EndSaveAsync(store, saveId, saveAttempt, Pick(random, SaveOutcomes));
                        break;
                    case < 27:
                        await store.SweepAsync();
                        break;
                    default:
                        await store.AuditAsync();
                        break;
                }
            }
        }

        /// <summary>Runs what is left, as workers without faults would.</summary>
        public async Task DrainAsync()
        {
            try
            {
                await Until.TrueAsync("every job has ended", TimeSpan.FromSeconds(60), DrainOnceAsync);
            }
            catch (TimeoutException exception)
            {
                throw new TimeoutException($"{exception.Message}\n{await replicas[1].DumpAsync()}");
            }
        }

        private async Task<bool> DrainOnceAsync()
        {
            await replicas[0].SweepAsync();
            while (await ClaimAsync(replicas[0]) is { } claim)
            {
                await CompleteAsync(replicas[0], claim.Id, claim.Attempt);
            }

            while (await ClaimSaveAsync(replicas[0]) is { } claim)
            {
                await EndSaveAsync(replicas[0], claim.Id, claim.Attempt, SaveOutcome.Saved);
            }

            var jobs = await Task.WhenAll(Ids.Select(replicas[0].Jobs.ReadAsync));
            var saves = await Task.WhenAll(Ids.Select(replicas[0].SaveStateAsync));
            return jobs.All(job => job is null or { Ended: true })
                && saves.All(save => save is not (SaveState.Waiting or SaveState.Running));
        }

        public async Task CheckAsync()
        {
            // No attempt was claimed twice.
            Assert.Equal(_claims.Distinct().Count(), _claims.Count);
            Assert.Equal(_saveClaims.Distinct().Count(), _saveClaims.Count);
            foreach (var id in Ids)
            {
                // One end each. Deleting a job that has ended is not another one.
                var ends = _ends.GetValueOrDefault(id, []).Where(end => end.State != JobState.Cancelled).ToArray();
                var job = await replicas[1].Jobs.ReadAsync(id);
                Assert.True(ends.Length <= 1, $"{id} ended as {string.Join(", ", ends)}");
                // One end of its save for a job that has an owner and was done, whether its result was dropped afterwards or not.
                var save = await replicas[1].SaveStateAsync(id);
                Assert.Equal(IsOwned(id) && ends is [{ State: JobState.Done }] ? [save!] : [], _saveEnds.GetValueOrDefault(id, []));
                Assert.True(
                    _saveEnds.ContainsKey(id) ? save is SaveState.Saved or SaveState.Refused : save is null, $"{id}'s save is {save}");
                if (job is { State: JobState.Done, Result: { } result })
                {
                    Assert.Equal(TestStore.Image($"{id}/{ends[0].Attempt}", 100), await replicas[1].BytesAsync(result));
                }

                Assert.True(
                    job switch
                    {
                        { State: JobState.Done } => ends is [{ State: JobState.Done }],
                        { State: JobState.Failed } => ends is [{ State: JobState.Failed }],
                        { State: JobState.Cancelled } => ends.Length == 0 && _ends.ContainsKey(id),
                        null => ends.Length == 1 && _ends[id].Count > 1,
                        _ => false,
                    },
                    $"{id} is {job?.State ?? "deleted"} and was reported to have ended as "
                    + string.Join(", ", _ends.GetValueOrDefault(id, [])));
            }
        }

        private static T Pick<T>(Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];

        private async Task<(JobId Id, int Attempt)?> ClaimAsync(TestStore store)
        {
            if (await store.ClaimAsync() is not { } claim)
            {
                return null;
            }

            Assert.True(JobId.TryParse(claim.JobId, out var id));
            _claims.Add((id, claim.Attempt));
            return (id, claim.Attempt);
        }

        private async Task CompleteAsync(TestStore store, JobId id, int attempt)
        {
            if (await store.CompleteAsync(id, attempt) == ScriptResult.Completed)
            {
                End(id, JobState.Done, attempt);
            }
        }

        private async Task FailAsync(TestStore store, JobId id, int attempt, string kind)
        {
            if (await store.FailAsync(id, attempt, kind) == ScriptResult.Failed)
            {
                End(id, JobState.Failed, attempt);
            }
        }

        private async Task CancelAsync(TestStore store, JobId id)
        {
            if (await store.Jobs.DeleteAsync(id))
            {
                End(id, JobState.Cancelled, 0);
            }
        }

        private async Task<(JobId Id, int Attempt)?> ClaimSaveAsync(TestStore store)
        {
            if (await store.ClaimSaveAsync() is not { } claim)
            {
                return null;
            }

            Assert.True(JobId.TryParse(claim.JobId, out var id));
            _saveClaims.Add((id, claim.Attempt));
            return (id, claim.Attempt);
        }

        private async Task EndSaveAsync(TestStore store, JobId id, int attempt, string outcome)
        {
            if (await store.EndSaveAsync(id, attempt, outcome) is (ScriptResult.Saved or ScriptResult.Refused) and var end)
            {
                _saveEnds.GetOrAdd(id, _ => []).Add(end == ScriptResult.Saved ? SaveState.Saved : SaveState.Refused);
            }
        }

        private void End(JobId id, string state, int attempt) => _ends.GetOrAdd(id, _ => []).Add((state, attempt));
    }
}
