using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Saves;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.JobManager.Tests.Jobs;

/// <summary>A job that is created and claimed in one step, by a caller that has a free slot.</summary>
public sealed class StartAtOnceTests(StoreServers servers)
{
    private const string Token = "token-of-a-slot";

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Create_WhereNobodyWaits_IsTheCallersAttempt(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = TestStore.NewId();

        Assert.Equal((ScriptResult.Created, 1), await store.StartAsync(id, Token));

        Assert.Null(await store.ClaimAsync());
        Assert.Equal(JobState.Running, (await store.ReadAsync(id)).State);
        await Invariants.CheckAsync(store);
        Assert.Equal(ScriptResult.Renewed, await store.Leases.RenewAsync(id, 1, 0.5));
        Assert.Equal(ScriptResult.Completed, await store.CompleteAsync(id, 1));
        Assert.Equal(TestStore.Image($"{id}/1", 100), await store.BytesAsync((await store.ReadAsync(id)).Result!));
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Create_WithAnOwner_ReservesForItsSaveAndQueuesIt(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = TestStore.NewId();

        Assert.Equal((ScriptResult.Created, 1), await store.StartAsync(id, Token, owner: TestStore.Owner, party: "a"));
        await Invariants.CheckAsync(store);
        await store.CompleteAsync(id, 1);

        Assert.Equal(1, (await store.ClaimSaveAsync())!.Attempt);
        Assert.Equal(ScriptResult.Saved, await store.EndSaveAsync(id, 1, SaveOutcome.Saved));
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Create_Repeated_IsTheSameAttemptForTheSameTokenWhileItIsLeased(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = TestStore.NewId();
        await store.StartAsync(id, Token);

        Assert.Equal((ScriptResult.Exists, 1), await store.StartAsync(id, Token));
        Assert.Equal((ScriptResult.Exists, null), await store.StartAsync(id, "token-of-another"));
        Assert.Equal(ScriptResult.Exists, await store.CreateAsync(id));

        await store.ExpireLeaseAsync(id);
        Assert.Equal((ScriptResult.Exists, null), await store.StartAsync(id, Token));
        await store.SweepAsync();
        Assert.Equal(2, (await store.ClaimAsync())!.Attempt);
        Assert.Equal((ScriptResult.Exists, null), await store.StartAsync(id, Token));
        Assert.Equal(ScriptResult.Stale, await store.CompleteAsync(id, 1));
        Assert.Equal(TestStore.Image($"{id}", 100), await store.BytesAsync((await store.ReadAsync(id)).Input!));
        Assert.Equal(ScriptResult.Completed, await store.CompleteAsync(id, 2));
        Assert.Equal((ScriptResult.Exists, null), await store.StartAsync(id, Token));
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Create_BehindAJobThatWaits_OnlyWaitsToo(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var (first, second, other) = (TestStore.NewId(), TestStore.NewId(), TestStore.NewId());
        await store.CreateAsync(first);

        Assert.Equal((ScriptResult.Created, null), await store.StartAsync(second, Token));
        Assert.Equal((ScriptResult.Created, 1), await store.StartAsync(other, Token, "grayscale"));

        Assert.Equal([$"{first}", $"{second}"], [(await store.ClaimAsync())!.JobId, (await store.ClaimAsync())!.JobId]);
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Create_WithoutRoomForAResult_OnlyWaits(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var started = 0;
        while ((await store.StartAsync(TestStore.NewId(), Token)).Attempt is not null)
        {
            Assert.InRange(++started, 1, 100);
        }

        Assert.InRange(started, 1, 100);
        Assert.Null(await store.ClaimAsync());
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Fail_OfAJobThatNeverWaited_GoesToTheQueue(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var (first, second) = (TestStore.NewId(), TestStore.NewId());
        await store.StartAsync(first, Token);
        await store.CreateAsync(second);

        Assert.Equal(ScriptResult.Requeued, await store.FailAsync(first, 1, FailureKind.Released));

        await Invariants.CheckAsync(store);
        Assert.Equal(
            new HashSet<string> { $"{first}", $"{second}" }, [(await store.ClaimAsync())!.JobId, (await store.ClaimAsync())!.JobId]);
    }

    /// <summary>Whoever loses has its upload only: it expires.</summary>
    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Create_AtTwoReplicasAtOnce_IsOneJobOfOneAttempt(StoreKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var one = await TestStore.OpenAsync(server);
        await using var other = await TestStore.OpenAsync(server, empty: false);
        for (var round = 0; round < 30; round++)
        {
            var id = TestStore.NewId();
            var results = await Task.WhenAll(one.StartAsync(id, "token-of-one"), other.StartAsync(id, "token-of-other"));

            Assert.Single(results, result => result == (ScriptResult.Created, 1));
            Assert.Single(results, result => result == (ScriptResult.Exists, null));
            Assert.Equal(ScriptResult.Completed, await one.CompleteAsync(id, 1));
        }

        await Invariants.CheckAsync(one);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Cancel_OfAJobThatNeverWaited_IsKnownAtItsNextRenewal(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = TestStore.NewId();
        await store.StartAsync(id, Token);

        Assert.True(await store.Jobs.DeleteAsync(id));

        Assert.Equal(ScriptResult.Cancelled, await store.Leases.RenewAsync(id, 1, null));
        Assert.Equal(ScriptResult.Cancelled, await store.CompleteAsync(id, 1));
        await Invariants.CheckAsync(store);
    }
}
