using System.Collections.Concurrent;
using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Saves;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.JobManager.Tests.Store;

public sealed class StoreKillTests(ITestOutputHelper output)
{
    private const int Kills = 4;
    private const int Submitters = 4;
    private const int Workers = 4;
    private const int InputBytes = 20_000;
    private const int JobsBetweenKills = 60;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Kill_UnderConcurrentSubmissions_LosesNoAcknowledgedJob(StoreKind kind)
    {
        await using var server = await StoreServer.StartAsync(kind);
        await using var store = await TestStore.OpenAsync(server);
        var acknowledged = new ConcurrentDictionary<JobId, bool>();
        var errors = 0;
        using var stop = new CancellationTokenSource();
        var submitters = Enumerable.Range(0, Submitters).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                var id = TestStore.NewId();
                await RetryAsync(() => store.CreateAsync(id, length: InputBytes), stop.Token);
                acknowledged.TryAdd(id, true);
            }
        }).ToArray();

        for (var kill = 1; kill <= Kills; kill++)
        {
            var target = acknowledged.Count + JobsBetweenKills;
            await Until.TrueAsync("jobs are acknowledged", Timeout, () => Task.FromResult(acknowledged.Count >= target), Cancel);
            await server.KillAsync();
            await server.StartAsync();
            await store.ReadyAsync();
        }

        await stop.CancelAsync();
        await Task.WhenAll(submitters.Select(task => task.ContinueWith(_ => { }, TaskScheduler.Default)));
        output.WriteLine($"{acknowledged.Count} jobs acknowledged, {errors} calls failed, {Kills} kills");
        foreach (var id in acknowledged.Keys)
        {
            var job = await store.ReadAsync(id);
            Assert.Equal(JobState.Queued, job.State);
            Assert.Equal(TestStore.Image($"{id}", InputBytes), await store.BytesAsync(job.Input!));
        }

        async Task RetryAsync(Func<Task<ScriptResult>> call, CancellationToken cancellationToken)
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                try
                {
                    Assert.Contains(await call(), new[] { ScriptResult.Created, ScriptResult.Exists });
                    return;
                }
                catch (StoreUnavailableException)
                {
                    Interlocked.Increment(ref errors);
                    await store.ReadyAsync();
                }
            }
        }
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Kill_WhileJobsAreRun_EveryJobEndsOnceWithItsBytes(StoreKind kind)
    {
        await using var server = await StoreServer.StartAsync(kind);
        await using var store = await TestStore.OpenAsync(server, jobs => jobs.Lease = TimeSpan.FromSeconds(2));
        await using var other = await TestStore.OpenAsync(server, jobs => jobs.Lease = TimeSpan.FromSeconds(2), empty: false);
        var ids = Enumerable.Range(0, Kills * JobsBetweenKills).Select(_ => TestStore.NewId()).ToArray();
        var owned = ids.Index().Where(job => job.Index % 2 == 1).Select(job => job.Item).ToArray();
        await Parallel.ForEachAsync(
            ids, async (id, _) => await store.CreateAsync(id, length: InputBytes, owner: owned.Contains(id) ? TestStore.Owner : null));
        var completed = new ConcurrentDictionary<string, int>();
        var saved = new ConcurrentDictionary<string, int>();
        using var stop = new CancellationTokenSource();
        var workers = Enumerable.Range(0, Workers)
            .Select(worker => WorkAsync(worker % 2 == 0 ? store : other, completed, stop.Token))
            .ToArray();
        var savers = new[] { store, other }.Select(replica => SaveAsync(replica, saved, stop.Token)).ToArray();
        var sweeper = SweepAsync(other, stop.Token);

        for (var kill = 1; kill <= Kills; kill++)
        {
            var target = Math.Min(ids.Length, kill * JobsBetweenKills * 2 / 3);
            await Until.TrueAsync("jobs are completed", Timeout, () => Task.FromResult(completed.Count >= target), Cancel);
            await server.KillAsync();
            await server.StartAsync();
        }

        await Until.TrueAsync("every job is completed", Timeout, () => Task.FromResult(completed.Count == ids.Length), Cancel);
        await Until.TrueAsync("every job that has an owner is saved", Timeout, () => Task.FromResult(saved.Count == owned.Length), Cancel);
        await stop.CancelAsync();
        await Task.WhenAll([.. workers, .. savers, sweeper]);
        output.WriteLine($"{completed.Count} jobs completed, {saved.Count} saved, {Kills} kills");
        Assert.Equal(owned.Select(id => $"{id}").Order(), saved.Keys.Order());
        foreach (var id in ids)
        {
            var job = await store.ReadAsync(id);
            Assert.Equal(JobState.Done, job.State);
            Assert.Equal(owned.Contains(id) ? true : null, job.Saved);
            Assert.Equal(TestStore.Image($"{id}/{completed[$"{id}"]}", InputBytes), await store.BytesAsync(job.Result!));
        }

        // Jobs that ended without their clean-up are swept when their lease would have ended.
        await Task.WhenAll(ids.Select(store.ExpireRetentionAsync));
        await store.SweepAsync();
        await store.AuditAsync();
        await Invariants.CheckEmptyAsync(store);
    }

    private static async Task WorkAsync(TestStore store, ConcurrentDictionary<string, int> completed, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var token = Guid.NewGuid().ToString("N");
            if (await TryAsync(store, () => store.Leases.ClaimAsync(token, ["contrast"]), cancellationToken) is not { } claim)
            {
                await Task.Yield();
                continue;
            }

            Assert.True(JobId.TryParse(claim.JobId, out var id));
            var completion = await TryAsync(
                store, async () => (ScriptResult?)await store.CompleteAsync(id, claim.Attempt, InputBytes), cancellationToken);
            if (completion is ScriptResult.Completed or ScriptResult.Repeated)
            {
                Assert.True(completed.TryAdd(claim.JobId, claim.Attempt), $"{claim.JobId} was completed twice");
            }
        }
    }

    private static async Task SaveAsync(TestStore store, ConcurrentDictionary<string, int> saved, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var token = Guid.NewGuid().ToString("N");
            if (await TryAsync(store, () => store.Saves.ClaimAsync(token), cancellationToken) is not { } claim)
            {
                await Task.Yield();
                continue;
            }

            Assert.True(JobId.TryParse(claim.JobId, out var id));
            var original = await TryAsync(
                store, async () => await store.BytesAsync((await store.Saves.FindImagesAsync(id))!.Original), cancellationToken);
            Assert.Equal(TestStore.Image($"{id}", InputBytes), original);
            var end = await TryAsync(
                store, async () => (ScriptResult?)await store.EndSaveAsync(id, claim.Attempt, SaveOutcome.Saved), cancellationToken);
            if (end is ScriptResult.Saved or ScriptResult.Repeated)
            {
                Assert.True(saved.TryAdd(claim.JobId, claim.Attempt), $"{claim.JobId} was saved twice");
            }
        }
    }

    private static async Task SweepAsync(TestStore store, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!cancellationToken.IsCancellationRequested)
        {
            await TryAsync(store, async () =>
            {
                await store.SweepAsync();
                return "";
            }, cancellationToken);
            try
            {
                await timer.WaitForNextTickAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Repeats a call until the store answers it, as callers do.</summary>
    private static async Task<T?> TryAsync<T>(TestStore store, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                return await call();
            }
            catch (StoreUnavailableException)
            {
                await store.ReadyAsync();
            }
        }

        return default;
    }
}
