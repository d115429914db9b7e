using ImageEditor.JobManager.Attempts;
using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Leasing;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.JobManager.Tests.Jobs;

/// <summary>Jobs of several steps, and claimers of the release before, which do not know that there are such.</summary>
public sealed class RecipeTests(StoreServers servers)
{
    private const string Recipe = """[{"converter":"contrast","parameters":{"amount":40}},{"converter":"grayscale","parameters":{}}]""";

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Claim_ThatDoesNotUnderstandRecipes_IsGivenTheJobBehindThem(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var recipes = new List<JobId>();
        for (var number = 0; number < 150; number++)
        {
            recipes.Add(TestStore.NewId());
            Assert.Equal(ScriptResult.Created, await store.CreateAsync(recipes[^1], recipe: Recipe, yield: 1000));
        }

        var plain = TestStore.NewId();
        await store.CreateAsync(plain, yield: 1000);

        var claim = await store.ClaimAsync(recipes: false);
        Assert.Equal($"{plain}", claim!.JobId);
        Assert.Null(claim.Recipe);
        Assert.Null(await store.ClaimAsync(recipes: false));

        // They kept their places.
        for (var number = 0; number < 150; number++)
        {
            var next = await store.ClaimAsync(recipes: true);
            Assert.Equal(($"{recipes[number]}", Recipe), (next!.JobId, next.Recipe!.Value.GetRawText()));
        }

        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Claims_ThatUnderstandRecipes_TakeOfBothQueuesWhereBothHaveJobs(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        for (var number = 0; number < 60; number++)
        {
            await store.CreateAsync(TestStore.NewId(), recipe: Recipe, yield: 1000);
            await store.CreateAsync(TestStore.NewId(), yield: 1000);
        }

        var recipes = 0;
        for (var number = 0; number < 60; number++)
        {
            var claim = await store.ClaimAsync(recipes: true);
            Assert.Equal("contrast", claim!.Converter);
            recipes += claim.Recipe is null ? 0 : 1;
        }

        // One in two, by chance: fewer than ten or more than fifty of sixty come once in a hundred million runs.
        Assert.InRange(recipes, 10, 50);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Failure_OfAStep_IsToldWithTheStep(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = TestStore.NewId();
        await store.CreateAsync(id, recipe: Recipe);
        await store.ClaimAsync(recipes: true);

        await store.Leases.FailAsync(id, 1, Failure.From(
            new FailureReport(FailureKind.Final, 422, "urn:test", "Test", "Because.", Step: 1, Converter: "grayscale")));

        var problem = (await store.ReadAsync(id)).Problem!;
        Assert.Equal<(int, int?, string?)>((422, 1, "grayscale"), (problem.Status, problem.Step, problem.Converter));
        Assert.Equal(1, problem.ToProblem().Value.Extensions["step"]);
        Assert.Equal("grayscale", problem.ToProblem().Value.Extensions["converter"]);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Progress_IsToldWithStepAndAttempt(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = TestStore.NewId();
        await store.CreateAsync(id, recipe: Recipe);
        await store.ClaimAsync(recipes: true);

        await store.AllLeases.RenewAsync([new HeldLease(LeaseKind.Job, id, 1, 0.75, Step: 1)]);

        var job = await store.ReadAsync(id);
        Assert.Equal<(double?, int?, int?)>((0.75, 1, 1), (job.Progress, job.Step, job.Attempt));

        await store.ExpireLeaseAsync(id);
        await store.SweepAsync();
        job = await store.ReadAsync(id);
        Assert.Equal<(double?, int?, int?)>((null, null, null), (job.Progress, job.Step, job.Attempt));
        await store.ClaimAsync(recipes: true);
        Assert.Equal(2, (await store.ReadAsync(id)).Attempt);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Waits_BetweenSteps_CountAsTimeInTheQueue(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = TestStore.NewId();
        await store.CreateAsync(id, recipe: Recipe);
        for (var attempt = 1; attempt <= 6; attempt++)
        {
            Assert.NotNull(await store.ClaimAsync(recipes: true));

            // Ten minutes each time: the sixth makes it an hour.
            await store.Leases.FailAsync(id, attempt, Failure.From(
                new FailureReport(FailureKind.Unavailable, RetryAfterSeconds: 0, Step: 1, Converter: "grayscale", WaitedSeconds: 600)));
            await store.Database.SortedSetAddAsync(StoreKeys.Due, $"{id}", 1);
            await store.SweepAsync();
            Assert.Equal(attempt < 6 ? JobState.Queued : JobState.Failed, (await store.ReadAsync(id)).State);
        }

        Assert.Equal(504, (await store.ReadAsync(id)).Problem!.Status);
    }
}
