using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Store;

namespace ImageEditor.JobManager.Tests.Jobs;

public sealed class LifetimeTests(StoreServers servers)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Sweep_OfABacklogLongerThanTheRetention_LosesNothing(StoreKind kind)
    {
        var life = TimeSpan.FromMilliseconds(300);
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind), jobs => jobs.ResultRetention = jobs.Lease = life);
        var (waiting, done) = (TestStore.NewId(), TestStore.NewId());
        await store.CreateAsync(waiting);
        await store.CreateAsync(done, "flip-horizontal");
        await store.ClaimAsync("flip-horizontal");
        await store.CompleteAsync(done, 1);

        // One job is done and expires while the other still waits.
        await Until.TrueAsync("the finished job is gone", Timeout, async () =>
        {
            await store.SweepAsync();
            return await store.Jobs.ReadAsync(done) is null;
        }, Cancel);

        Assert.Equal(JobState.Queued, (await store.ReadAsync(waiting)).State);
        Assert.NotNull(await store.ClaimAsync());
        Assert.Equal(ScriptResult.Completed, await store.CompleteAsync(waiting, 1));
        await Until.TrueAsync("the store is empty", Timeout, async () =>
        {
            await store.SweepAsync();
            return await store.Jobs.ReadAsync(waiting) is null;
        }, Cancel);
        await store.AuditAsync();
        await Invariants.CheckEmptyAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task ExtendRetention_OfAFinishedJob_StartsItAgainUpToItsLimit(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = TestStore.NewId();
        await store.CreateAsync(id);
        await store.ClaimAsync();
        await store.CompleteAsync(id, 1);
        async Task<long> FieldAsync(string name) => (long)await store.Database.HashGetAsync(StoreKeys.Job(id), name);

        // A second before its end the result is fetched, and the retention begins again.
        await store.Database.HashSetAsync(StoreKeys.Job(id), "expires", await FieldAsync("ended") + 1_000);
        Assert.True(await store.Jobs.ExtendRetentionAsync(id));
        Assert.True(await FieldAsync("expires") >= await FieldAsync("ended") + 100_000);

        // Nearly an hour after its end there is only the rest of the hour.
        var ended = await FieldAsync("ended") - 3_590_000;
        await store.Database.HashSetAsync(StoreKeys.Job(id), "ended", ended);
        await store.Database.HashSetAsync(StoreKeys.Job(id), "expires", ended + 3_592_000);
        Assert.True(await store.Jobs.ExtendRetentionAsync(id));
        Assert.Equal(ended + 3_600_000, await FieldAsync("expires"));

        await store.ExpireRetentionAsync(id);
        Assert.False(await store.Jobs.ExtendRetentionAsync(id));
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Create_RepeatedAfterTheRetentionAndBeforeTheSweep_KeepsTheResult(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = TestStore.NewId();
        await store.CreateAsync(id);
        await store.ClaimAsync();
        await store.CompleteAsync(id, 1);
        await store.ExpireRetentionAsync(id);

        Assert.Equal(ScriptResult.Created, await store.Jobs.CheckAsync(id, "contrast", party: null, owned: false, 100));
        Assert.Equal(ScriptResult.Exists, await store.CreateAsync(id));
        await store.SweepAsync();

        Assert.Equal(TestStore.Image($"{id}/1", 100), await store.BytesAsync((await store.ReadAsync(id)).Result!));
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Sweep_OfAJobThatWaitedTooLong_FailsIt(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(
            await servers.GetAsync(kind), jobs => jobs.MaxQueueTime = TimeSpan.FromMinutes(1));
        var (once, inParts) = (TestStore.NewId(), TestStore.NewId());
        await store.CreateAsync(once);
        await store.CreateAsync(inParts);
        await store.ExpireQueueTimeAsync(once);
        await store.Database.HashSetAsync(StoreKeys.Job(inParts), "waited", 60_000);
        await store.Database.SortedSetAddAsync(StoreKeys.Due, $"{inParts}", 1);

        await store.SweepAsync();

        foreach (var id in new[] { once, inParts })
        {
            var job = await store.ReadAsync(id);
            Assert.Equal((JobState.Failed, 504), (job.State, job.Problem!.Status));
        }

        Assert.Null(await store.ClaimAsync());
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Upload_ThatBecomesPartOfNoJob_Expires(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(
            await servers.GetAsync(kind), store: store => store.UploadTtl = TimeSpan.FromMilliseconds(100));
        var id = TestStore.NewId();
        var upload = store.Blobs.UploadInput(id, party: null, TestStore.Image("lost", 1000));
        await upload.Written;
        await Until.TrueAsync(
            "the upload is gone", Timeout, async () => !await store.Database.KeyExistsAsync(StoreKeys.Blob(upload.Blob)), Cancel);
        await Invariants.CheckEmptyAsync(store);
    }
}
