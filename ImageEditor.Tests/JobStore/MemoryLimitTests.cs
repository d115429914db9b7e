using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Store;

namespace ImageEditor.Tests.JobStore;

public sealed class MemoryLimitTests(StoreServers servers)
{
    private const int Megabyte = 1 << 20;
    private const int Megabytes = 128;

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Create_IntoAFullStore_IsRefusedAndNothingIsLost(StoreKind kind)
    {
        await using var server = await StoreServer.StartAsync(kind, Megabytes);
        await using var store = await TestStore.OpenAsync(
            server, jobs => jobs.MaxResultBytes = 8 * Megabyte, memory => memory.MemoryBytes = (long)Megabytes * Megabyte);

        // 80 MB for a share of 32 MB.
        var ids = Enumerable.Range(0, 80).Select(_ => TestStore.NewId()).ToArray();
        var outcomes = new string[ids.Length];
        await Parallel.ForEachAsync(ids.Index(), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (job, _) =>
        {
            outcomes[job.Index] = await store.Jobs.CheckAsync(job.Item, "contrast", owned: false, Megabyte) is var check and not Outcomes.Created
                ? check
                : await store.CreateAsync(job.Item, length: Megabyte);
        });
        var accepted = ids.Where((_, i) => outcomes[i] == Outcomes.Created).ToArray();
        Assert.Equal(32, accepted.Length);
        Assert.Equal(ids.Length - accepted.Length, outcomes.Count(outcome => outcome == Outcomes.StoreFull));
        await Invariants.CheckAsync(store);

        // Claims have room for 6 results of 8 MB with their previews, and wait then.
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
                Assert.Equal(Outcomes.Completed, await store.CompleteAsync(id, 1, 2 * Megabyte));
                Assert.True(ran.Add($"{id}"));
                await store.ExpireLifeAsync(id);
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
        Assert.Equal(Outcomes.Created, await store.CreateAsync(TestStore.NewId(), length: Megabyte));
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Create_IntoAFullQueue_IsRefused(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind), jobs => jobs.MaxQueued = 3);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.CreateAsync(TestStore.NewId())));
        Assert.Equal(3, outcomes.Count(outcome => outcome == Outcomes.Created));
        Assert.Equal(5, outcomes.Count(outcome => outcome == Outcomes.QueueFull));
        Assert.Equal(Outcomes.Created, await store.CreateAsync(TestStore.NewId(), "flip-horizontal"));
        await Invariants.CheckAsync(store);
    }

    [Fact]
    public async Task Churn_OfThreeTimesTheMemoryOnGarnet_SparesAQueuedJobAndTheDisk()
    {
        await using var server = await StoreServer.StartAsync(StoreKind.Garnet, Megabytes);
        await using var store = await TestStore.OpenAsync(server, jobs => jobs.MaxResultBytes = 8 * Megabyte, memory => memory.MemoryBytes = (long)Megabytes * Megabyte);
        var waiting = TestStore.NewId();
        await store.CreateAsync(waiting, "upscale", Megabyte);
        for (var written = 0; written < 4 * Megabytes; written += 4)
        {
            var id = TestStore.NewId();
            Assert.Equal(Outcomes.Created, await store.CreateAsync(id, length: 2 * Megabyte));
            Assert.NotNull(await store.ClaimAsync());
            Assert.Equal(Outcomes.Completed, await store.CompleteAsync(id, 1, 2 * Megabyte));
            await store.ExpireLifeAsync(id);
            await store.SweepAsync();
        }

        Assert.Equal($"{waiting}", (await store.ClaimAsync("upscale"))!.JobId);
        Assert.Equal(TestStore.Image($"{waiting}", Megabyte), await store.BytesAsync((await store.ReadAsync(waiting)).Input!));
        await Invariants.CheckAsync(store);

        // A checkpoint lets go what was written before it: the disk holds what is live, and what came since.
        await Until.TrueAsync("the disk is given back", TimeSpan.FromSeconds(90), () => Task.FromResult(server.DiskBytes() < 3L * Megabytes * Megabyte));
    }
}
