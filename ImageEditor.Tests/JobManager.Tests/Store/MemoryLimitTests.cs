using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Saves;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.JobManager.Tests.Store;

public sealed class MemoryLimitTests(StoreServers servers)
{
    private const int Megabyte = 1 << 20;
    private const int Megabytes = 128;

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Create_IntoAFullStore_IsRefusedAndNothingIsLost(StoreKind kind)
    {
        await using var server = await StoreServer.StartAsync(kind, Megabytes);
        await using var store = await OpenAsync(server);

        // 80 MB for a share of 32 MB.
        var ids = Enumerable.Range(0, 80).Select(_ => TestStore.NewId()).ToArray();
        var results = new ScriptResult[ids.Length];
        await Parallel.ForEachAsync(ids.Index(), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (job, _) =>
        {
            var check = await store.Jobs.CheckAsync(job.Item, "contrast", party: null, owned: false, Megabyte);
            results[job.Index] = check != ScriptResult.Created ? check : await store.CreateAsync(job.Item, length: Megabyte);
        });
        var accepted = ids.Where((_, i) => results[i] == ScriptResult.Created).ToArray();
        Assert.Equal(32, accepted.Length);
        Assert.Equal(ids.Length - accepted.Length, results.Count(result => result == ScriptResult.StoreFull));
        await Invariants.CheckAsync(store);

        // There is memory for 6 claims: results of 8 MB with their previews.
        var claims = new List<JobId>();
        while (await store.ClaimAsync() is { } claim)
        {
            Assert.True(JobId.TryParse(claim.JobId, out var id));
            claims.Add(id);
        }

        Assert.Equal(6, claims.Count);

        // Every accepted job is run with its own bytes, while results come and go.
        var ran = new HashSet<string>();
        while (claims.Count > 0)
        {
            foreach (var id in claims)
            {
                Assert.Equal(TestStore.Image($"{id}", Megabyte), await store.BytesAsync((await store.ReadAsync(id)).Input!));
                Assert.Equal(ScriptResult.Completed, await store.CompleteAsync(id, 1, 2 * Megabyte));
                Assert.True(ran.Add($"{id}"));
                await store.ExpireRetentionAsync(id);
            }

            await store.SweepAsync();
            claims.Clear();
            while (await store.ClaimAsync() is { } claim)
            {
                Assert.True(JobId.TryParse(claim.JobId, out var id));
                claims.Add(id);
            }
        }

        Assert.Equal(accepted.Select(id => $"{id}").Order(), ran.Order());
        Assert.Equal(ScriptResult.Created, await store.CreateAsync(TestStore.NewId(), length: Megabyte));
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Saves_ThatFillTheirShare_KeepOutOnlyJobsWithAnOwner(StoreKind kind)
    {
        await using var store = await OpenAsync(await servers.GetAsync(kind));

        // No save of 3 MB each is claimed, in a share of 32 MB; a new one needs 1 MB in and 8.5 MB out.
        var saved = new List<JobId>();
        while (true)
        {
            var id = TestStore.NewId();
            var check = await store.Jobs.CheckAsync(id, "contrast", party: null, owned: true, Megabyte);
            Assert.Equal(check, await store.CreateAsync(id, length: Megabyte, owner: TestStore.Owner));
            if (check == ScriptResult.StoreFull)
            {
                break;
            }

            Assert.NotNull(await store.ClaimAsync());
            Assert.Equal(ScriptResult.Completed, await store.CompleteAsync(id, 1, 2 * Megabyte));
            saved.Add(id);
            await store.ExpireRetentionAsync(id);
            await store.SweepAsync();
            await Invariants.CheckAsync(store);
        }

        Assert.Equal(8, saved.Count);

        // Jobs without an owner continue.
        for (var i = 0; i < 20; i++)
        {
            var id = TestStore.NewId();
            Assert.Equal(ScriptResult.Created, await store.Jobs.CheckAsync(id, "contrast", party: null, owned: false, Megabyte));
            Assert.Equal(ScriptResult.Created, await store.CreateAsync(id, length: Megabyte));
            Assert.NotNull(await store.ClaimAsync());
            Assert.Equal(ScriptResult.Completed, await store.CompleteAsync(id, 1, 2 * Megabyte));
            await store.ExpireRetentionAsync(id);
            await store.SweepAsync();
        }

        // All that waits is saved with its own bytes, and frees memory.
        while (await store.ClaimSaveAsync() is { } claim)
        {
            var id = Assert.Single(saved, job => $"{job}" == claim.JobId);
            saved.Remove(id);
            var (original, result) = (await store.Saves.FindImagesAsync(id))!;
            Assert.Equal(TestStore.Image($"{id}", Megabyte), await store.BytesAsync(original));
            Assert.Equal(TestStore.Image($"{id}/1", 2 * Megabyte), await store.BytesAsync(result));
            Assert.Equal(ScriptResult.Saved, await store.EndSaveAsync(id, 1, SaveOutcome.Saved));
        }

        Assert.Empty(saved);
        Assert.Equal(ScriptResult.Created, await store.CreateAsync(TestStore.NewId(), length: Megabyte, owner: TestStore.Owner));
        await store.SweepAsync();
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Claim_OfJobsWhoseSavesWouldNotFit_SkipsThem(StoreKind kind)
    {
        await using var store = await OpenAsync(await servers.GetAsync(kind));
        var owned = Enumerable.Range(0, 12).Select(_ => TestStore.NewId()).ToArray();
        foreach (var id in owned)
        {
            Assert.Equal(ScriptResult.Created, await store.CreateAsync(id, length: Megabyte, owner: TestStore.Owner));
        }

        var anonymous = TestStore.NewId();
        await store.CreateAsync(anonymous, length: Megabyte);

        // Three saves of 9.5 MB may come of these. The fourth does not fit, and no other job waits behind it.
        var running = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            running.Add((await store.ClaimAsync())!.JobId);
        }

        var waiting = owned.Where(id => !running.Contains($"{id}")).ToArray();
        Assert.Equal(owned.Length - 3, waiting.Length);

        Assert.Equal($"{anonymous}", (await store.ClaimAsync())!.JobId);
        Assert.Null(await store.ClaimAsync());

        // No save waits yet: a new job is accepted.
        var late = TestStore.NewId();
        Assert.Equal(ScriptResult.Created, await store.Jobs.CheckAsync(late, "contrast", party: null, owned: true, Megabyte));
        Assert.Equal(ScriptResult.Created, await store.CreateAsync(late, length: Megabyte, owner: TestStore.Owner));
        Assert.Equal(JobState.Queued, (await store.ReadAsync(waiting[0])).State);
        await Invariants.CheckAsync(store);

        // As soon as there is memory, one of those that were skipped is the next.
        await store.CompleteAsync(owned.Except(waiting).First(), 1, Megabyte);
        await Task.WhenAll(waiting.Select(store.EndDelayAsync));
        await store.SweepAsync();
        Assert.Contains((await store.ClaimAsync())!.JobId, waiting.Select(id => $"{id}"));
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Create_IntoAFullQueue_IsRefused(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind), jobs => jobs.MaxQueued = 3);
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.CreateAsync(TestStore.NewId())));
        Assert.Equal(3, results.Count(result => result == ScriptResult.Created));
        Assert.Equal(5, results.Count(result => result == ScriptResult.QueueFull));
        Assert.Equal(ScriptResult.Created, await store.CreateAsync(TestStore.NewId(), "flip-horizontal"));
        await Invariants.CheckAsync(store);
    }

    [Fact]
    public async Task Churn_OfThreeTimesTheMemoryOnGarnet_SparesAQueuedJobAndTheDisk()
    {
        await using var server = await StoreServer.StartAsync(StoreKind.Garnet, Megabytes);
        await using var store = await OpenAsync(server);
        var waiting = TestStore.NewId();
        await store.CreateAsync(waiting, "upscale", Megabyte);
        for (var written = 0; written < 4 * Megabytes; written += 4)
        {
            var id = TestStore.NewId();
            Assert.Equal(ScriptResult.Created, await store.CreateAsync(id, length: 2 * Megabyte));
            Assert.NotNull(await store.ClaimAsync());
            Assert.Equal(ScriptResult.Completed, await store.CompleteAsync(id, 1, 2 * Megabyte));
            await store.ExpireRetentionAsync(id);
            await store.SweepAsync();
        }

        Assert.Equal($"{waiting}", (await store.ClaimAsync("upscale"))!.JobId);
        Assert.Equal(TestStore.Image($"{waiting}", Megabyte), await store.BytesAsync((await store.ReadAsync(waiting)).Input!));
        await Invariants.CheckAsync(store);

        // A checkpoint lets go what was written before it: the disk holds what is live, and what came since.
        await Until.TrueAsync(
            "the disk is given back",
            TimeSpan.FromSeconds(90),
            () => Task.FromResult(server.DiskBytes() < 3L * Megabytes * Megabyte),
            TestContext.Current.CancellationToken);
    }

    private static Task<TestStore> OpenAsync(StoreServer server) =>
        TestStore.OpenAsync(server, jobs => jobs.MaxResultBytes = 8 * Megabyte, memory => memory.MemoryBytes = (long)Megabytes * Megabyte);
}
