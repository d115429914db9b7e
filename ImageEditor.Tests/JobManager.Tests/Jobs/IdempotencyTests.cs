using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.JobManager.Tests.Jobs;

/// <summary>A call whose response got lost is repeated, at any replica.</summary>
public sealed class IdempotencyTests(StoreServers servers)
{
    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Create_Repeated_MakesOneJob(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = TestStore.NewId();

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.CreateAsync(id)));

        Assert.Single(results, ScriptResult.Created);
        Assert.Equal(7, results.Count(result => result == ScriptResult.Exists));
        await Invariants.CheckAsync(store);
        Assert.NotNull(await store.ClaimAsync());
        Assert.Null(await store.ClaimAsync());
        Assert.Equal(TestStore.Image($"{id}", 100), await store.BytesAsync((await store.ReadAsync(id)).Input!));
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Claim_RepeatedWithItsToken_GetsTheSameClaimWhileItIsHeld(StoreKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var first = await TestStore.OpenAsync(server);
        await using var second = await TestStore.OpenAsync(server, empty: false);
        var ids = new[] { TestStore.NewId(), TestStore.NewId() };
        await Task.WhenAll(ids.Select(id => first.CreateAsync(id)));

        var claims = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? first : second).Leases.ClaimAsync("one-token", ["contrast"])));
        Assert.Single(claims.Select(claim => (claim!.JobId, claim.Attempt)).Distinct());

        // Once it is completed, the token is as good as any other.
        Assert.True(JobId.TryParse(claims[0]!.JobId, out var done));
        await first.CompleteAsync(done, 1);
        var next = await second.Leases.ClaimAsync("one-token", ["contrast"]);
        Assert.NotEqual(claims[0]!.JobId, next!.JobId);
        Assert.Null(await first.ClaimAsync());
        Assert.True(JobId.TryParse(next.JobId, out done));
        await first.CompleteAsync(done, 1);
        Assert.Null(await second.Leases.ClaimAsync("one-token", ["contrast"]));
        await Invariants.CheckAsync(first);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Claim_RepeatedAfterItsLeaseExpired_IsANewClaim(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = TestStore.NewId();
        await store.CreateAsync(id);
        await store.Leases.ClaimAsync("one-token", ["contrast"]);
        await store.ExpireLeaseAsync(id);
        await store.SweepAsync();

        Assert.Equal(2, (await store.Leases.ClaimAsync("one-token", ["contrast"]))!.Attempt);
        Assert.Equal(ScriptResult.Stale, await store.CompleteAsync(id, 1));
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Complete_Repeated_CountsOnce(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = TestStore.NewId();
        await store.CreateAsync(id);
        await store.ClaimAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.CompleteAsync(id, 1)));

        Assert.Single(results, ScriptResult.Completed);
        Assert.Equal(7, results.Count(result => result == ScriptResult.Repeated));
        Assert.Equal(TestStore.Image($"{id}/1", 100), await store.BytesAsync((await store.ReadAsync(id)).Result!));
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Fail_Repeated_CountsOnce(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = TestStore.NewId();
        await store.CreateAsync(id);
        await store.ClaimAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.FailAsync(id, 1, FailureKind.Error)));

        Assert.Single(results, ScriptResult.Requeued);
        Assert.Equal(7, results.Count(result => result == ScriptResult.Repeated));
        Assert.Equal("1", (await store.Database.HashGetAsync(StoreKeys.Job(id), "errors")).ToString());
        await store.SweepAsync();
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Delete_InEachState_HasTheSameResultWhenRepeated(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var (queued, running, done, unknown) = (TestStore.NewId(), TestStore.NewId(), TestStore.NewId(), TestStore.NewId());
        await store.CreateAsync(running);
        await store.ClaimAsync();
        await store.CreateAsync(done);
        await store.ClaimAsync();
        await store.CompleteAsync(done, 1);
        await store.CreateAsync(queued);

        foreach (var id in new[] { queued, running, done, queued, running, done })
        {
            Assert.True(await store.Jobs.DeleteAsync(id));
        }

        Assert.False(await store.Jobs.DeleteAsync(unknown));
        Assert.Equal(JobState.Cancelled, (await store.ReadAsync(queued)).State);
        Assert.Equal(JobState.Cancelled, (await store.ReadAsync(running)).State);
        Assert.Null(await store.Jobs.ReadAsync(done));
        Assert.Equal(ScriptResult.Cancelled, await store.Leases.RenewAsync(running, 1, null));
        Assert.Equal(ScriptResult.Cancelled, await store.CompleteAsync(running, 1));
        Assert.Equal(ScriptResult.Repeated, await store.CompleteAsync(done, 1));
        await Invariants.CheckAsync(store);
    }
}
