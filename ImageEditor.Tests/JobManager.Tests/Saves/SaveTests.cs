using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Saves;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.JobManager.Tests.Saves;

/// <summary>The save of a job that has an owner: from the job's end to its own.</summary>
public sealed class SaveTests(StoreServers servers)
{
    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Complete_OfAJobWithAnOwner_KeepsBothImagesUntilTheyAreSaved(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = await DoneAsync(store);
        Assert.False((await store.ReadAsync(id)).Saved);
        await Invariants.CheckAsync(store);

        var claim = await store.ClaimSaveAsync();

        Assert.Equal(($"{id}", 1, TestStore.Owner, "contrast"), (claim!.JobId, claim.Attempt, claim.Owner, claim.Converter));
        Assert.Equal(40, claim.Parameters.GetProperty("amount").GetInt32());
        Assert.Equal((new SavedImage("image/png", 100), new SavedImage("image/png", 200)), (claim.Original, claim.Result));
        var (original, result) = (await store.Saves.FindImagesAsync(id))!;
        Assert.Equal(TestStore.Image($"{id}", 100), await store.BytesAsync(original));
        Assert.Equal(TestStore.Image($"{id}/1", 200), await store.BytesAsync(result));
        await Invariants.CheckAsync(store);

        Assert.Equal(ScriptResult.Saved, await store.EndSaveAsync(id, 1, SaveOutcome.Saved));
        var job = await store.ReadAsync(id);
        Assert.True(job.Saved);
        Assert.Null(job.Input);
        Assert.Equal(TestStore.Image($"{id}/1", 200), await store.BytesAsync(job.Result!));
        await Invariants.CheckAsync(store);
        Assert.Null(await store.ClaimSaveAsync());
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Claim_OfASave_HasWhatIsKnownOfTheImages(StoreKind kind)
    {
        const string Images = """[{"name":"image","contentType":"image/png","offset":10,"length":60,"width":4,"height":3}]""";
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = TestStore.NewId();
        await store.CreateAsync(id, owner: TestStore.Owner, images: Images);
        await store.ClaimAsync();
        await store.CompleteAsync(id, 1, 200, width: 640, height: 480);

        var claim = await store.ClaimSaveAsync();

        Assert.Equal(Images, claim!.Images.GetRawText());
        Assert.Equal(new SavedImage("image/png", 200, 640, 480), claim.Result);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Claim_OfASave_HasThePicturesName(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var (named, nameless) = (TestStore.NewId(), TestStore.NewId());
        foreach (var (id, name) in new (JobId, string?)[] { (named, "caf\u00e9 \ud83d\udc69.jpg"), (nameless, null) })
        {
            await store.CreateAsync(id, owner: TestStore.Owner, name: name);
            await store.ClaimAsync();
            await store.CompleteAsync(id, 1);

            var claim = await store.ClaimSaveAsync();

            Assert.Equal(($"{id}", name), (claim!.JobId, claim.Name));
            Assert.Equal(name, (await store.ReadAsync(id)).Name);
        }
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Claim_OfASaveThatTheReleaseBeforeHasLeft_SaysThatNothingIsKnownOfTheImages(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = await DoneAsync(store);
        await store.Database.HashDeleteAsync(StoreKeys.Job(id), ["images", "resultWidth", "resultHeight"]);

        var claim = await store.ClaimSaveAsync();

        Assert.Equal(0, claim!.Images.GetArrayLength());
        Assert.Equal((new SavedImage("image/png", 100), new SavedImage("image/png", 200)), (claim.Original, claim.Result));
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task End_OfAnAnonymousFailedOrCancelledJob_LeavesNothingToSave(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var (anonymous, failed, cancelled) = (TestStore.NewId(), TestStore.NewId(), TestStore.NewId());
        await store.CreateAsync(anonymous);
        await store.ClaimAsync();
        await store.CompleteAsync(anonymous, 1);
        await store.CreateAsync(failed, owner: TestStore.Owner);
        await store.ClaimAsync();
        await store.FailAsync(failed, 1, FailureKind.Final);
        await store.CreateAsync(cancelled, owner: TestStore.Owner);
        await store.ClaimAsync();
        await store.Jobs.DeleteAsync(cancelled);

        Assert.Null(await store.ClaimSaveAsync());
        Assert.Null((await store.ReadAsync(anonymous)).Saved);
        Assert.False((await store.ReadAsync(failed)).Saved);
        Assert.False((await store.ReadAsync(cancelled)).Saved);
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Sweep_OfARetentionThatEndsBeforeTheSave_HidesTheJobAndKeepsItsImages(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = await DoneAsync(store);
        await store.ExpireRetentionAsync(id);
        await store.SweepAsync();

        Assert.Null(await store.Jobs.ReadAsync(id));
        Assert.False(await store.Jobs.ExtendRetentionAsync(id));
        Assert.False(await store.Jobs.DeleteAsync(id));
        await store.AuditAsync();
        await Invariants.CheckAsync(store);

        Assert.Equal(1, (await store.ClaimSaveAsync())!.Attempt);
        Assert.Equal(TestStore.Image($"{id}/1", 200), await store.BytesAsync((await store.Saves.FindImagesAsync(id))!.Result));
        Assert.Equal(ScriptResult.Saved, await store.EndSaveAsync(id, 1, SaveOutcome.Saved));
        await store.SweepAsync();
        await store.AuditAsync();
        await Invariants.CheckEmptyAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Delete_OfADoneJob_DropsItsResultAndItsSaveContinues(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = await DoneAsync(store);
        Assert.True(await store.Jobs.DeleteAsync(id));
        Assert.True(await store.Jobs.DeleteAsync(id));
        Assert.Null(await store.Jobs.ReadAsync(id));
        await Invariants.CheckAsync(store);

        await store.ClaimSaveAsync();
        Assert.Equal(TestStore.Image($"{id}", 100), await store.BytesAsync((await store.Saves.FindImagesAsync(id))!.Original));
        Assert.Equal(ScriptResult.Saved, await store.EndSaveAsync(id, 1, SaveOutcome.Saved));
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Create_RepeatedAfterTheRetentionWhileTheSaveWaits_MakesTheResultAvailableAgain(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = await DoneAsync(store);
        await store.ExpireRetentionAsync(id);
        await store.SweepAsync();
        Assert.Equal(ScriptResult.Created, await store.Jobs.CheckAsync(id, "contrast", party: null, owned: true, 100));

        Assert.Equal(ScriptResult.Exists, await store.CreateAsync(id, owner: TestStore.Owner));

        var job = await store.ReadAsync(id);
        Assert.Equal(JobState.Done, job.State);
        Assert.Equal(TestStore.Image($"{id}/1", 200), await store.BytesAsync(job.Result!));
        await Invariants.CheckAsync(store);
        await store.ClaimSaveAsync();
        Assert.Equal(ScriptResult.Saved, await store.EndSaveAsync(id, 1, SaveOutcome.Saved));
        await store.SweepAsync();
        Assert.Equal(JobState.Done, (await store.ReadAsync(id)).State);
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Lease_OnASave_FencesLikeALeaseOnAJob(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = await DoneAsync(store);
        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.Saves.ClaimAsync("one-token")));
        Assert.Equal([1], claims.Select(claim => claim!.Attempt).Distinct());
        Assert.Null(await store.ClaimSaveAsync());

        // No other attempt has claimed it since its lease expired: it continues.
        await store.ExpireSaveLeaseAsync(id);
        await store.SweepAsync();
        Assert.Equal(ScriptResult.Renewed, await store.Saves.RenewAsync(id, 1));
        Assert.Null(await store.ClaimSaveAsync());
        await Invariants.CheckAsync(store);

        // Another attempt has: what comes late is refused.
        await store.ExpireSaveLeaseAsync(id);
        await store.SweepAsync();
        Assert.Equal(2, (await store.Saves.ClaimAsync("one-token"))!.Attempt);
        Assert.Equal(ScriptResult.Stale, await store.Saves.RenewAsync(id, 1));
        Assert.Equal(ScriptResult.Stale, await store.EndSaveAsync(id, 1, SaveOutcome.Refused));
        Assert.False((await store.ReadAsync(id)).Saved);

        var ends = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.EndSaveAsync(id, 2, SaveOutcome.Saved)));
        Assert.Single(ends, ScriptResult.Saved);
        Assert.Equal(7, ends.Count(end => end == ScriptResult.Repeated));
        Assert.Equal(ScriptResult.Stale, await store.Saves.RenewAsync(id, 2));
        Assert.Equal(ScriptResult.NotFound, await store.Saves.RenewAsync(TestStore.NewId(), 1));
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Retry_FromAttemptToAttempt_DelaysLongerUpToItsLimit(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = await DoneAsync(store);
        int[] delays = [1, 2, 4, 8, 16, 32, 60, 60];
        for (var attempt = 1; attempt <= delays.Length; attempt++)
        {
            Assert.Equal(attempt, (await store.ClaimSaveAsync())!.Attempt);
            var before = await store.TimeAsync();
            Assert.Equal(ScriptResult.Requeued, await store.EndSaveAsync(id, attempt, SaveOutcome.Retry));
            Assert.InRange(
                (long)await store.Database.HashGetAsync(StoreKeys.Job(id), "saveNotBefore"),
                before + (delays[attempt - 1] * 1000),
                await store.TimeAsync() + (delays[attempt - 1] * 1000));
            await store.SweepAsync();
            Assert.Null(await store.ClaimSaveAsync());
            await Invariants.CheckAsync(store);
            await store.EndSaveDelayAsync(id);
            await store.SweepAsync();
        }

        // A process that stops causes no delay.
        await store.ClaimSaveAsync();
        Assert.Equal(ScriptResult.Requeued, await store.EndSaveAsync(id, delays.Length + 1, SaveOutcome.Released));
        Assert.Equal(delays.Length + 2, (await store.ClaimSaveAsync())!.Attempt);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Delete_BetweenTheDelaysEndAndTheSweep_DelaysTheSaveNoFurther(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = await DoneAsync(store);
        await store.ClaimSaveAsync();
        await store.EndSaveAsync(id, 1, SaveOutcome.Retry);
        await store.EndSaveDelayAsync(id);

        Assert.True(await store.Jobs.DeleteAsync(id));
        await store.SweepAsync();

        Assert.Equal(2, (await store.ClaimSaveAsync())?.Attempt);
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Save_ThatFailsForADay_IsAbandoned(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var (waiting, tried) = (await DoneAsync(store), await DoneAsync(store));
        await store.ExpireSaveTimeAsync(waiting);
        await store.SweepAsync();
        Assert.Equal(SaveState.Abandoned, await store.SaveStateAsync(waiting));

        // A save that is being tried has its last attempt.
        await store.ClaimSaveAsync();
        await store.ExpireSaveTimeAsync(tried);
        await store.SweepAsync();
        Assert.Equal(SaveState.Running, await store.SaveStateAsync(tried));
        Assert.Equal(ScriptResult.Abandoned, await store.EndSaveAsync(tried, 1, SaveOutcome.Retry));

        Assert.Null(await store.ClaimSaveAsync());
        Assert.False((await store.ReadAsync(waiting)).Saved);
        Assert.Equal(JobState.Done, (await store.ReadAsync(tried)).State);
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Save_RefusedPermanently_EndsAndFreesItsImages(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = await DoneAsync(store);
        await store.ClaimSaveAsync();
        Assert.Equal(ScriptResult.Refused, await store.EndSaveAsync(id, 1, SaveOutcome.Refused, status: 410));
        Assert.Equal(ScriptResult.Repeated, await store.EndSaveAsync(id, 1, SaveOutcome.Refused, status: 410));
        Assert.Equal(ScriptResult.Stale, await store.EndSaveAsync(id, 1, SaveOutcome.Saved));

        Assert.Null(await store.ClaimSaveAsync());
        Assert.False((await store.ReadAsync(id)).Saved);
        Assert.NotNull((await store.ReadAsync(id)).Result);
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Sweep_OfASaveThatCrashesItsProcessEachTime_DelaysIt(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = await DoneAsync(store);
        for (var attempt = 1; attempt <= 4; attempt++)
        {
            Assert.Equal(attempt, (await store.ClaimSaveAsync())!.Attempt);
            await store.ExpireSaveLeaseAsync(id);
            await store.SweepAsync();
        }

        Assert.Null(await store.ClaimSaveAsync());
        await store.EndSaveDelayAsync(id);
        await store.SweepAsync();
        Assert.Equal(5, (await store.ClaimSaveAsync())!.Attempt);
        await Invariants.CheckAsync(store);
    }

    /// <summary>A job with an owner, done: 100 bytes in, 200 out.</summary>
    private static async Task<JobId> DoneAsync(TestStore store)
    {
        var id = TestStore.NewId();
        await store.CreateAsync(id, owner: TestStore.Owner);
        await store.ClaimAsync();
        Assert.Equal(ScriptResult.Completed, await store.CompleteAsync(id, 1, 200));
        return id;
    }
}
