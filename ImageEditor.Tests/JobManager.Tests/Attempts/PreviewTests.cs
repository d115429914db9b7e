using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.JobManager.Tests.Attempts;

public sealed class PreviewTests(StoreServers servers)
{
    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Preview_WhileTheJobRuns_IsTheNewestAndIsRemovedWithTheAttempt(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = TestStore.NewId();
        await store.CreateAsync(id);
        await store.ClaimAsync();
        Assert.Null((await store.ReadAsync(id)).PreviewAddress);

        foreach (var (number, seed) in new[] { (1, "first"), (2, "second") })
        {
            Assert.Equal(ScriptResult.Previewed, await store.Leases.PreviewAsync(id, 1, TestStore.Image(seed, 300), "image/jpeg"));
            var job = await store.ReadAsync(id);
            Assert.Equal($"/api/jobs/{id}/preview?n={number}", job.PreviewAddress);
            Assert.Equal(TestStore.Image(seed, 300), await store.BytesAsync(job.Preview!.Image));
            await Invariants.CheckAsync(store);
        }

        // Numbers keep growing, so that an address never stands for two pictures.
        await store.FailAsync(id, 1, FailureKind.Released);
        Assert.Null((await store.ReadAsync(id)).Preview);
        await store.ClaimAsync();
        Assert.Equal(ScriptResult.Stale, await store.Leases.PreviewAsync(id, 1, TestStore.Image("late", 300), "image/jpeg"));
        Assert.Equal(ScriptResult.Previewed, await store.Leases.PreviewAsync(id, 2, TestStore.Image("third", 300), "image/jpeg"));
        Assert.Equal(3, (await store.ReadAsync(id)).Preview!.Number);

        await store.CompleteAsync(id, 2);
        Assert.Null((await store.ReadAsync(id)).Preview);
        Assert.Equal(ScriptResult.Stale, await store.Leases.PreviewAsync(id, 2, TestStore.Image("late", 300), "image/jpeg"));
        await Invariants.CheckAsync(store);
        Assert.DoesNotContain(
            (string[])(await store.Database.ExecuteAsync("KEYS", "*"))!, key => key.Contains(":preview:", StringComparison.Ordinal));
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Preview_OfAnAttemptWhoseLeaseExpired_IsNotStored(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = TestStore.NewId();
        await store.CreateAsync(id);
        await store.ClaimAsync();
        await store.ExpireLeaseAsync(id);
        await store.SweepAsync();

        Assert.Equal(ScriptResult.Stale, await store.Leases.PreviewAsync(id, 1, TestStore.Image("late", 300), "image/jpeg"));
        await Invariants.CheckAsync(store);
    }
}
