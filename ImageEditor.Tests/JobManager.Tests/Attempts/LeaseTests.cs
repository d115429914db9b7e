using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Leasing;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.JobManager.Tests.Attempts;

public sealed class LeaseTests(StoreServers servers)
{
    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Complete_ByAZombie_LeavesTheWinnersResultAlone(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = TestStore.NewId();
        await store.CreateAsync(id);
        await store.ClaimAsync();
        var check = await store.Leases.CheckAsync(id, 1);
        Assert.Equal(ScriptResult.Renewed, check.Result);
        await TakeOverAsync(store, id);

        Assert.Equal(ScriptResult.Stale, await store.Leases.RenewAsync(id, 1, null));
        Assert.Equal(ScriptResult.Stale, await store.Leases.CompleteAsync(
            id, 1, check.Keys, TestStore.Image("zombie", 500), "image/png", 8, 8, info: null));
        Assert.Equal(ScriptResult.Completed, await store.CompleteAsync(id, 2));
        Assert.Equal(ScriptResult.Stale, await store.CompleteAsync(id, 1));
        Assert.Equal(ScriptResult.Stale, await store.FailAsync(id, 1, FailureKind.Final));

        Assert.Equal(TestStore.Image($"{id}/2", 100), await store.BytesAsync((await store.ReadAsync(id)).Result!));
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Renew_AfterTheLeaseExpiredAndBeforeAnotherClaim_Continues(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = TestStore.NewId();
        await store.CreateAsync(id);
        await store.ClaimAsync();
        await store.ExpireLeaseAsync(id);
        await store.SweepAsync();
        Assert.Equal(JobState.Queued, (await store.ReadAsync(id)).State);

        Assert.Equal(ScriptResult.Renewed, await store.Leases.RenewAsync(id, 1, 0.5));
        Assert.Null(await store.ClaimAsync());
        await Invariants.CheckAsync(store);
        Assert.Equal(ScriptResult.Completed, await store.CompleteAsync(id, 1));
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task RenewTogether_LeasesOfAllKinds_SaysOfEachWhetherItIsHeld(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var (held, expired, lost, cancelled, saved) =
            (TestStore.NewId(), TestStore.NewId(), TestStore.NewId(), TestStore.NewId(), TestStore.NewId());
        foreach (var id in (JobId[])[held, expired, lost, cancelled, saved])
        {
            await store.CreateAsync(id, $"{id}", owner: TestStore.Owner);
            Assert.Equal(1, (await store.ClaimAsync($"{id}"))!.Attempt);
        }

        foreach (var id in (JobId[])[expired, lost])
        {
            await store.ExpireLeaseAsync(id);
            await store.SweepAsync();
        }

        await store.ClaimAsync($"{lost}");
        await store.Jobs.DeleteAsync(cancelled);
        await store.CompleteAsync(saved, 1);
        Assert.Equal(1, (await store.ClaimSaveAsync())!.Attempt);

        var results = await store.AllLeases.RenewAsync(
        [
            .. ((JobId[])[held, expired, lost, cancelled, TestStore.NewId()]).Select(id => new HeldLease(LeaseKind.Job, id, 1, 0.5)),
            new HeldLease(LeaseKind.Save, saved, 1), new HeldLease(LeaseKind.Job, saved, 1),
        ]);

        Assert.Equal(
            [ScriptResult.Renewed, ScriptResult.Renewed, ScriptResult.Stale, ScriptResult.Cancelled, ScriptResult.NotFound,
                ScriptResult.Renewed, ScriptResult.Stale],
            results);
        Assert.Equal((JobState.Running, 0.5), ((await store.ReadAsync(expired)).State, (await store.ReadAsync(held)).Progress));
        Assert.Empty(await store.AllLeases.RenewAsync([]));
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Complete_AfterTheLeaseExpiredAndBeforeAnotherClaim_Counts(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = TestStore.NewId();
        await store.CreateAsync(id);
        await store.ClaimAsync();
        await store.ExpireLeaseAsync(id);
        await store.SweepAsync();

        Assert.Equal(ScriptResult.Completed, await store.CompleteAsync(id, 1));
        Assert.Null(await store.ClaimAsync());
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Requeue_AfterAnExpiredLease_KeepsTheOriginalPlace(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var ids = new[] { TestStore.NewId(), TestStore.NewId(), TestStore.NewId() };
        foreach (var id in ids)
        {
            await store.CreateAsync(id);
            var created = (await store.Database.HashGetAsync(StoreKeys.Job(id), "created")).ToString();
            await Until.TrueAsync(
                "the next millisecond",
                TimeSpan.FromSeconds(5),
                async () => await store.TimeAsync() > long.Parse(created, null),
                TestContext.Current.CancellationToken);
        }

        Assert.Equal($"{ids[0]}", (await store.ClaimAsync())!.JobId);
        Assert.Equal($"{ids[1]}", (await store.ClaimAsync())!.JobId);
        await store.ExpireLeaseAsync(ids[0]);
        await store.SweepAsync();
        await store.FailAsync(ids[1], 1, FailureKind.Released);

        Assert.Equal(1, (await store.ReadAsync(ids[0])).QueuePosition);
        Assert.Equal(2, (await store.ReadAsync(ids[1])).QueuePosition);
        Assert.Equal(3, (await store.ReadAsync(ids[2])).QueuePosition);
        Assert.Equal(
            [$"{ids[0]}", $"{ids[1]}", $"{ids[2]}"],
            [(await store.ClaimAsync())!.JobId, (await store.ClaimAsync())!.JobId, (await store.ClaimAsync())!.JobId]);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Fail_ByKind_CountsAndEndsAsItSays(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        Assert.Equal((1, 422), await TriesAsync(store, FailureKind.Final));
        Assert.Equal((3, 500), await TriesAsync(store, FailureKind.Error));
        Assert.Equal((10, 500), await TriesAsync(store, FailureKind.Broken));
        Assert.Equal((15, 0), await TriesAsync(store, FailureKind.Unavailable));
        Assert.Equal((15, 0), await TriesAsync(store, FailureKind.Released));
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Fail_ByABrokenConnection_DelaysFromTheSecondOn(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = TestStore.NewId();
        await store.CreateAsync(id);
        await store.ClaimAsync();
        Assert.Equal(ScriptResult.Requeued, await store.FailAsync(id, 1, FailureKind.Broken, delay: 60));

        Assert.Equal(2, (await store.ClaimAsync())!.Attempt);
        Assert.Equal(ScriptResult.Requeued, await store.FailAsync(id, 2, FailureKind.Broken, delay: 60));
        Assert.Null(await store.ClaimAsync());
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Fail_WithADelay_KeepsTheJobOutOfTheQueueUntilTheSweepAfterIt(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = TestStore.NewId();
        await store.CreateAsync(id);
        await store.ClaimAsync();

        Assert.Equal(ScriptResult.Requeued, await store.FailAsync(id, 1, FailureKind.Unavailable, delay: 60));
        await store.SweepAsync();
        Assert.Null(await store.ClaimAsync());
        await Invariants.CheckAsync(store);
        await store.EndDelayAsync(id);
        await store.SweepAsync();
        Assert.Equal(2, (await store.ClaimAsync())!.Attempt);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Sweep_OfALeaseThatExpiredTenTimes_FailsTheJob(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = TestStore.NewId();
        await store.CreateAsync(id);
        for (var attempt = 1; attempt <= 10; attempt++)
        {
            Assert.Equal(attempt, (await store.ClaimAsync())!.Attempt);
            await store.ExpireLeaseAsync(id);
            await store.SweepAsync();
        }

        var job = await store.ReadAsync(id);
        Assert.Equal((JobState.Failed, 500), (job.State, job.Problem!.Status));
        await Invariants.CheckAsync(store);
    }

    private static async Task TakeOverAsync(TestStore store, JobId id)
    {
        await store.ExpireLeaseAsync(id);
        await store.SweepAsync();
        Assert.Equal(2, (await store.ClaimAsync())!.Attempt);
    }

    private static async Task<(int Tries, int Status)> TriesAsync(TestStore store, string failure)
    {
        var id = TestStore.NewId();
        await store.CreateAsync(id, failure);
        for (var attempt = 1; attempt <= 15; attempt++)
        {
            Assert.Equal(attempt, (await store.ClaimAsync(failure))!.Attempt);
            if (await store.FailAsync(id, attempt, failure) == ScriptResult.Failed)
            {
                return (attempt, (await store.ReadAsync(id)).Problem!.Status);
            }

            await store.SweepAsync();
        }

        return (15, 0);
    }
}
