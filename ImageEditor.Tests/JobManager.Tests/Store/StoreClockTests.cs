using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.JobManager.Tests.Store;

/// <summary>Time passes while the system runs, and only then.</summary>
public sealed class StoreClockTests(StoreServers servers)
{
    private const string Hour = "01:00:00";
    private const string HourBack = "-01:00:00";

    /// <summary>Between two ticks at most; and what the test itself takes.</summary>
    private static readonly TimeSpan MaxStep = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Allowance = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static MatrixTheoryData<StoreKind, string> Jumps => new([StoreKind.Redis, StoreKind.Garnet], [Hour, HourBack, "00:01:00"]);

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Tick_WhileTheStoreRuns_PassesAsItsClockDoes(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var (time, wall) = (await store.Clock.TickAsync(), await store.TimeAsync());
        await Until.TrueAsync("two seconds passed", TimeSpan.FromSeconds(20), async () =>
        {
            await store.Clock.TickAsync();
            return await store.TimeAsync() - wall > 2_000;
        }, Cancel);

        var (passed, wallPassed) = (await store.Clock.TickAsync() - time, await store.TimeAsync() - wall);

        Assert.InRange(wallPassed - passed, -50, Allowance.TotalMilliseconds);
    }

    [Theory, MemberData(nameof(Jumps))]
    public async Task Tick_AfterAJump_PassesAStepAtMostAndNeverBack(StoreKind kind, string jump)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var time = await store.Clock.TickAsync();

        await store.JumpAsync(TimeSpan.Parse(jump, null));
        var after = await store.Clock.TickAsync();
        var later = await store.Clock.TickAsync();

        Assert.InRange(after - time, 0, (MaxStep + Allowance).TotalMilliseconds);
        Assert.InRange(later - after, 0, Allowance.TotalMilliseconds);
    }

    [Theory, MemberData(nameof(Jumps))]
    public async Task Sweep_AfterAJump_EndsNothing(StoreKind kind, string jump)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var (queued, running, done, delayed, saving) =
            (TestStore.NewId(), TestStore.NewId(), TestStore.NewId(), TestStore.NewId(), TestStore.NewId());
        await store.CreateAsync(queued, "queued");
        await store.CreateAsync(running, "running");
        await store.ClaimAsync("running");
        await store.Leases.RenewAsync(running, 1, 0.5);
        await store.CreateAsync(done, "done");
        await store.ClaimAsync("done");
        await store.CompleteAsync(done, 1);
        await store.CreateAsync(delayed, "delayed");
        await store.ClaimAsync("delayed");
        await store.FailAsync(delayed, 1, FailureKind.Unavailable, delay: 60);
        await store.CreateAsync(saving, "saving", owner: TestStore.Owner);
        await store.ClaimAsync("saving");
        await store.CompleteAsync(saving, 1);
        await store.ClaimSaveAsync();
        await store.Saves.RenewAsync(saving, 1);

        await store.JumpAsync(TimeSpan.Parse(jump, null));
        await store.SweepAsync();
        await store.AuditAsync();

        Assert.Equal(JobState.Queued, (await store.ReadAsync(queued)).State);
        Assert.Equal(JobState.Running, (await store.ReadAsync(running)).State);
        Assert.Equal(JobState.Done, (await store.ReadAsync(done)).State);
        Assert.Equal(JobState.Queued, (await store.ReadAsync(delayed)).State);
        Assert.Null(await store.ClaimAsync("delayed"));
        Assert.Equal(SaveState.Running, await store.SaveStateAsync(saving));
        Assert.Equal(ScriptResult.Renewed, await store.Leases.RenewAsync(running, 1, null));
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Create_AfterAJump_HasTheDateOfTheStoresClockAndThePlaceOfItsTurn(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var (first, second) = (TestStore.NewId(), TestStore.NewId());
        await store.JumpAsync(TimeSpan.FromHours(1));
        await store.CreateAsync(first);
        await store.JumpAsync(TimeSpan.FromHours(-1));
        await store.Clock.TickAsync();
        await store.CreateAsync(second);

        async Task<long> CreatedAsync() => (long)await store.Database.HashGetAsync(StoreKeys.Job(second), "created");
        Assert.InRange(await store.TimeAsync() - await CreatedAsync(), 0, Allowance.TotalMilliseconds);
        Assert.Equal(2, (await store.ReadAsync(second)).QueuePosition);
        Assert.Equal($"{first}", (await store.ClaimAsync())!.JobId);
    }

    /// <summary>The release before had no clock of its own and stored the store's.</summary>
    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Store_OfTheReleaseBefore_GoesOn(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var (first, second, done) = (TestStore.NewId(), TestStore.NewId(), TestStore.NewId());
        foreach (var id in (JobId[])[first, second])
        {
            await store.CreateAsync(id);
            var created = (long)await store.Database.HashGetAsync(StoreKeys.Job(id), "created");
            await Until.TrueAsync(
                "the next millisecond", TimeSpan.FromSeconds(5), async () => await store.TimeAsync() > created, Cancel);
            await store.Database.HashDeleteAsync(StoreKeys.Job(id), "place");
            await store.Database.SortedSetAddAsync(StoreKeys.Queue("contrast"), $"{id}", created);
        }

        await store.CreateAsync(done, "done");
        await store.ClaimAsync("done");
        await store.CompleteAsync(done, 1);
        await store.Database.KeyDeleteAsync([StoreKeys.Clock, StoreKeys.Turns("contrast"), StoreKeys.Turns("done")]);

        await store.SweepAsync();

        Assert.Equal(JobState.Done, (await store.ReadAsync(done)).State);
        Assert.Equal(2, (await store.ReadAsync(second)).QueuePosition);
        var third = TestStore.NewId();
        await store.CreateAsync(third);
        Assert.Equal(3, (await store.ReadAsync(third)).QueuePosition);
        Assert.Equal($"{first}", (await store.ClaimAsync())!.JobId);
        await store.FailAsync(first, 1, FailureKind.Released);
        Assert.Equal($"{first}", (await store.ClaimAsync())!.JobId);
        await Invariants.CheckAsync(store);
    }
}
