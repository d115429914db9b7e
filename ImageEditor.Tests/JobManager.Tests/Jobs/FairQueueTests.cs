using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.JobManager.Tests.Jobs;

/// <summary>Parties take turns, and leave room for one another.</summary>
public sealed class FairQueueTests(StoreServers servers)
{
    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Claim_BehindAPartyWithManyJobs_IsTheNextOrTheOneAfter(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        await CreateAsync(store, "many", 500);
        for (var claimed = 0; claimed < 7; claimed++)
        {
            await store.ClaimAsync();
        }

        var single = (await CreateAsync(store, "single", 1))[0];

        Assert.InRange((await store.ReadAsync(single)).QueuePosition!.Value, 1, 2);
        Assert.Contains($"{single}", (string[])[(await store.ClaimAsync())!.JobId, (await store.ClaimAsync())!.JobId]);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Claim_OfThreeParties_TakesTurnsAndEachPartysJobsByAge(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var jobs = new Dictionary<string, JobId[]>
        {
            ["a"] = await CreateAsync(store, "a", 3),
            ["b"] = await CreateAsync(store, "b", 3),
            ["c"] = await CreateAsync(store, "c", 3),
        };

        var claimed = await ClaimAllAsync(store);

        Assert.Equal(
            from turn in Enumerable.Range(0, 3) from party in (string[])["a", "b", "c"] select $"{jobs[party][turn]}", claimed);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Claim_OfAPartyThatComesBack_GoesBehindThoseThatWait(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var first = await CreateAsync(store, "a", 1);
        var others = await CreateAsync(store, "b", 3);
        Assert.Equal([$"{first[0]}", $"{others[0]}"], [(await store.ClaimAsync())!.JobId, (await store.ClaimAsync())!.JobId]);

        var again = await CreateAsync(store, "a", 1);

        Assert.Equal([$"{others[1]}", $"{again[0]}", $"{others[2]}"], await ClaimAllAsync(store));
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Requeue_OfAJob_KeepsItsTurnAndTakesNobodyElses(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var jobs = await CreateAsync(store, "a", 20);
        for (var claimed = 0; claimed < 10; claimed++)
        {
            await store.ClaimAsync();
        }

        await store.FailAsync(jobs[0], 1, FailureKind.Released);
        Assert.Equal($"{jobs[0]}", (await store.ClaimAsync())!.JobId);
        var other = (await CreateAsync(store, "b", 1))[0];

        // Its turn is after the tenth, though an earlier one was claimed last.
        Assert.Equal($"{jobs[10]}", (await store.ClaimAsync())!.JobId);
        Assert.Equal($"{other}", (await store.ClaimAsync())!.JobId);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Create_ByAPartyThatHasItsShareOfTheQueue_IsRefusedAndAnotherIsTaken(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind), jobs => jobs.MaxQueued = 9);
        var results = new List<ScriptResult>();
        foreach (var party in (string[])["a", "b", "a", "b", "a", "b", "a", "b", "c"])
        {
            results.Add(await store.CreateAsync(TestStore.NewId(), party: party));
        }

        Assert.Equal(
            [.. Enumerable.Repeat(ScriptResult.Created, 6), ScriptResult.ShareFull, ScriptResult.ShareFull, ScriptResult.Created], results);
        Assert.Equal(ScriptResult.ShareFull, await store.Jobs.CheckAsync(TestStore.NewId(), "contrast", "a", owned: false, 100));
        Assert.Equal(ScriptResult.Created, await store.Jobs.CheckAsync(TestStore.NewId(), "contrast", "d", owned: false, 100));

        // With a job of each done, there is room for another.
        for (var done = 0; done < 3; done++)
        {
            await CompleteNextAsync(store);
        }

        Assert.Equal(ScriptResult.Created, await store.CreateAsync(TestStore.NewId(), party: "a"));
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Create_ByAPartyThatHasItsShareOfTheRoom_IsRefusedAndAnotherIsTaken(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind), store: store => store.MemoryBytes = 8 << 20);
        var room = store.InputBytes;
        var third = (int)(room / 3) - 1000;

        Assert.Equal(ScriptResult.Created, await store.CreateAsync(TestStore.NewId(), length: third, party: "a"));
        Assert.Equal(ScriptResult.ShareFull, await store.CreateAsync(TestStore.NewId(), length: third, party: "a"));
        Assert.Equal(ScriptResult.ShareFull, await store.Jobs.CheckAsync(TestStore.NewId(), "contrast", "a", owned: false, third));
        Assert.Equal(ScriptResult.Created, await store.CreateAsync(TestStore.NewId(), length: third, party: "b"));
        Assert.Equal(ScriptResult.Created, await store.CreateAsync(TestStore.NewId(), length: third / 3, party: "c"));
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Audit_AfterUsageWasLost_CountsEachPartysAgain(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        await CreateAsync(store, "a", 3);
        await CreateAsync(store, "b", 2);
        await store.Database.HashSetAsync(StoreKeys.Usage, [new("jobs@a", 7), new("in@b", 1), new("jobs@gone", 4)]);

        await store.AuditAsync();

        await Invariants.CheckAsync(store);
    }

    [Fact]
    public async Task Create_OfManyParties_ForgetsTurnsThatAreOver()
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(StoreKind.Redis));
        await CreateAsync(store, "first", 1);
        for (var job = 0; job < 2_100; job++)
        {
            await store.CreateAsync(TestStore.NewId(), length: 1, party: $"party{job}");
            await CompleteNextAsync(store);
        }

        Assert.InRange(await store.Database.HashLengthAsync(StoreKeys.Turns("contrast")), 2, 200);
    }

    private static async Task<JobId[]> CreateAsync(TestStore store, string party, int count)
    {
        var jobs = new JobId[count];
        for (var i = 0; i < count; i++)
        {
            jobs[i] = TestStore.NewId();
            Assert.Equal(ScriptResult.Created, await store.CreateAsync(jobs[i], length: 10, party: party));
        }

        return jobs;
    }

    private static async Task CompleteNextAsync(TestStore store)
    {
        Assert.True(JobId.TryParse((await store.ClaimAsync())!.JobId, out var id));
        Assert.Equal(ScriptResult.Completed, await store.CompleteAsync(id, 1));
    }

    private static async Task<List<string>> ClaimAllAsync(TestStore store)
    {
        var claimed = new List<string>();
        while (await store.ClaimAsync() is { } claim)
        {
            claimed.Add(claim.JobId);
        }

        return claimed;
    }
}
