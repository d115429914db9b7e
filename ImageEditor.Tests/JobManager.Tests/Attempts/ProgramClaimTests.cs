using System.Net;
using System.Net.Http.Json;
using ImageEditor.JobManager.Attempts;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.JobManager.Tests.Attempts;

/// <summary>Claims for several converters, those of a program: converters take turns, and then parties.</summary>
public sealed class ProgramClaimTests(StoreServers servers)
{
    private const string Recipe = """[{"converter":"crop","parameters":{}},{"converter":"rotate","parameters":{}}]""";
    private const string Token = "token-of-a-slot";

    private static readonly string[] Program = ["crop", "rotate", "resize"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Claim_BehindAConverterWithManyJobs_IsTheNextOrTheOneAfter(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        await CreateAsync(store, "crop", 500, "many");
        for (var claimed = 0; claimed < 7; claimed++)
        {
            Assert.Equal("crop", (await store.ClaimAsync(Program, recipes: true))!.Converter);
        }

        var single = (await CreateAsync(store, "rotate", 1, "many"))[0];

        Assert.Contains($"{single}", await ClaimAsync(store, 2));
        await Invariants.CheckAsync(store);
    }

    /// <summary>The claims before knew only one queue with jobs.</summary>
    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Claim_OfAJobThatComesBetweenPeekAndScript_IsTheNextOrTheOneAfter(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        await CreateAsync(store, "crop", 50);
        for (var round = 0; round < 20; round++)
        {
            var claiming = store.ClaimAsync(Program, recipes: true);
            var single = (await CreateAsync(store, "rotate", 1))[0];
            string[] claimed = [(await claiming)!.JobId, .. await ClaimAsync(store, 2)];
            Assert.Contains($"{single}", claimed);
        }
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Claim_OfThreeConverters_TakesTurnsAndEachOnesJobsByAge(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var jobs = new Dictionary<string, JobId[]>();
        foreach (var converter in Program)
        {
            jobs[converter] = await CreateAsync(store, converter, 3);
            await ClockGoesOnAsync(store);
        }

        Assert.Equal(
            from turn in Enumerable.Range(0, 3) from converter in Program select $"{jobs[converter][turn]}", await ClaimAsync(store, 9));
        Assert.Null(await store.ClaimAsync(Program, recipes: true));
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Claim_OfAConverterThatComesBack_GoesBehindThoseThatWait(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var first = await CreateAsync(store, "crop", 1);
        await ClockGoesOnAsync(store);
        var others = await CreateAsync(store, "rotate", 3);
        await ClockGoesOnAsync(store);
        var last = await CreateAsync(store, "resize", 2);
        Assert.Equal([$"{first[0]}", $"{others[0]}"], await ClaimAsync(store, 2));

        await ClockGoesOnAsync(store);
        var again = await CreateAsync(store, "crop", 1);

        Assert.Equal([$"{last[0]}", $"{others[1]}", $"{again[0]}", $"{last[1]}", $"{others[2]}"], await ClaimAsync(store, 5));
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Claim_OfConvertersAndParties_TakesTurnsByConverterAndThenByParty(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var a = await CreateAsync(store, "crop", 3, "a");
        var b = await CreateAsync(store, "crop", 1, "b");
        await ClockGoesOnAsync(store);
        var others = await CreateAsync(store, "rotate", 3, "a");

        Assert.Equal(
            [$"{a[0]}", $"{others[0]}", $"{b[0]}", $"{others[1]}", $"{a[1]}", $"{others[2]}", $"{a[2]}"], await ClaimAsync(store, 7));
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Claim_OfAConverterWithBothQueues_GivesItOneConvertersTurns(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        for (var number = 0; number < 10; number++)
        {
            await store.CreateAsync(TestStore.NewId(), "crop", recipe: Recipe, yield: 1000);
            await store.CreateAsync(TestStore.NewId(), "crop", yield: 1000);
            await store.CreateAsync(TestStore.NewId(), "rotate", yield: 1000);
        }

        var claims = new List<Claim>();
        for (var number = 0; number < 12; number++)
        {
            claims.Add((await store.ClaimAsync(Program, recipes: true))!);
        }

        Assert.Equal(6, claims.Count(claim => claim.Converter == "rotate"));
        Assert.Equal(3, claims.Count(claim => claim.Recipe is not null));
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Claim_OfAJobThatReturned_IsByItsPlaceAndItsConvertersTurn(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var crops = await CreateAsync(store, "crop", 3);
        await ClockGoesOnAsync(store);
        var rotations = await CreateAsync(store, "rotate", 3);
        Assert.Equal([$"{crops[0]}", $"{rotations[0]}"], await ClaimAsync(store, 2));

        await store.FailAsync(rotations[0], 1, FailureKind.Released);

        Assert.Equal([$"{crops[1]}", $"{rotations[0]}", $"{crops[2]}", $"{rotations[1]}"], await ClaimAsync(store, 4));
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Claims_AtOnceForOneJob_AreGrantedOnce(StoreKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var one = await TestStore.OpenAsync(server);
        await using var other = await TestStore.OpenAsync(server, empty: false);
        for (var round = 0; round < 30; round++)
        {
            var id = (await CreateAsync(one, Program[round % 3], 1))[0];

            var claims = await Task.WhenAll(one.ClaimAsync(Program, recipes: true), other.ClaimAsync([.. Program.Reverse()]));

            Assert.Equal($"{id}", Assert.Single(claims, claim => claim is not null)!.JobId);
            Assert.Equal(ScriptResult.Completed, await one.CompleteAsync(id, 1));
        }

        await Invariants.CheckAsync(one);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Claims_AtOnceOfTwoConverters_AreOfBothAlikeAndOfEachJobOnce(StoreKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var one = await TestStore.OpenAsync(server);
        await using var other = await TestStore.OpenAsync(server, empty: false);
        await CreateAsync(one, "crop", 200);
        await CreateAsync(one, "rotate", 200);

        var claims = (await Task.WhenAll(Enumerable.Range(0, 10).Select(async claimer =>
        {
            var claimed = new List<Claim>();
            for (var number = 0; number < 20; number++)
            {
                claimed.Add((await (claimer % 2 == 0 ? one : other).ClaimAsync(Program, recipes: true))!);
            }

            return claimed;
        }))).SelectMany(claimed => claimed).ToList();

        Assert.Equal(200, claims.Select(claim => claim.JobId).Distinct().Count());

        // Where all that a claim has read of a queue was taken before its script ran, it takes of the other queue.
        Assert.InRange(claims.Count(claim => claim.Converter == "crop"), 95, 105);
        await Invariants.CheckAsync(one);
    }

    /// <summary>The answer got lost, and meanwhile a converter went down, and another one came.</summary>
    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Claim_RepeatedWithItsToken_IsTheSameWhateverConvertersItNames(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var crops = await CreateAsync(store, "crop", 2);
        var rotations = await CreateAsync(store, "rotate", 2);
        var lost = await store.Leases.ClaimAsync(Token, ["crop", "rotate"], recipes: true);
        Assert.Equal($"{crops[0]}", lost!.JobId);

        foreach (var named in (string[][])[["crop", "rotate"], ["rotate"], ["resize"], ["rotate", "resize"]])
        {
            var repeated = await store.Leases.ClaimAsync(Token, named, recipes: true);
            Assert.Equal((lost.JobId, 1, "crop"), (repeated!.JobId, repeated.Attempt, repeated.Converter));
        }

        await store.FailAsync(crops[0], 1, FailureKind.Released);
        Assert.Equal($"{rotations[0]}", (await store.Leases.ClaimAsync(Token, ["rotate"], recipes: true))!.JobId);
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Create_BehindAJobOfTheProgram_OnlyWaits(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var first = (await CreateAsync(store, "crop", 1))[0];
        var (behind, alone, older) = (TestStore.NewId(), TestStore.NewId(), TestStore.NewId());

        // It would be given that job first. One whose program does not have the converter would not; nor would one of the release before.
        Assert.Equal((ScriptResult.Created, null), await store.StartAsync(behind, Token, "rotate", program: Program, recipes: true));
        Assert.Equal((ScriptResult.Created, 1), await store.StartAsync(alone, Token, "sepia", program: ["sepia", "invert"], recipes: true));
        Assert.Equal((ScriptResult.Created, 1), await store.StartAsync(older, Token, "resize"));

        Assert.Equal([$"{first}", $"{behind}"], await ClaimAsync(store, 2));
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Create_BehindARecipe_StartsOnlyForACallerThatIsNotGivenRecipes(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        await store.CreateAsync(TestStore.NewId(), "crop", recipe: Recipe);

        Assert.Equal((ScriptResult.Created, 1), await store.StartAsync(TestStore.NewId(), Token, "rotate", program: Program));
        Assert.Equal(
            (ScriptResult.Created, null), await store.StartAsync(TestStore.NewId(), Token, "rotate", program: Program, recipes: true));
        await Invariants.CheckAsync(store);
    }

    [Fact]
    public async Task Claim_ThatWaits_IsGivenAJobOfWhicheverConverter()
    {
        var server = await servers.GetAsync(StoreKind.Redis);
        await using var store = await TestStore.OpenAsync(server);
        await using var manager = await JobManagerProcess.StartAsync(server);
        foreach (var converter in (string[])[.. Program, .. Program])
        {
            var (id, waiting) = (TestStore.NewId(), manager.ClaimAsync(Program, waitSeconds: 30));

            using var created = await manager.CreateAsync(id, [1], converter);

            var claim = (await waiting)!;
            Assert.Equal(($"{id}", converter), (claim.JobId, claim.Converter));
            Assert.Equal(HttpStatusCode.NoContent, await manager.CompleteAsync(id, 1, [1]));
        }
    }

    [Fact]
    public async Task Claims_ThatWaitWithAnOlderOne_AreEachGivenAJob()
    {
        var server = await servers.GetAsync(StoreKind.Redis);
        await using var store = await TestStore.OpenAsync(server);
        await using var manager = await JobManagerProcess.StartAsync(server);
        Task<Claim?>[] waiting =
        [
            manager.ClaimAsync(Program, waitSeconds: 30), manager.ClaimAsync(waitSeconds: 30, "crop"),
            manager.ClaimAsync(["rotate", "crop"], waitSeconds: 30),
        ];

        // Whoever gets which: each can take any of them.
        JobId[] ids = [TestStore.NewId(), TestStore.NewId(), TestStore.NewId()];
        foreach (var id in ids)
        {
            (await manager.CreateAsync(id, [1], "crop")).Dispose();
        }

        var claims = await Task.WhenAll(waiting);

        Assert.Equal(ids.Select(id => $"{id}").Order(), claims.Select(claim => claim!.JobId).Order());
    }

    [Fact]
    public async Task Claim_OfNothingOrOfWhatIsNoName_IsRefused()
    {
        var server = await servers.GetAsync(StoreKind.Redis);
        await using var store = await TestStore.OpenAsync(server);
        await using var manager = await JobManagerProcess.StartAsync(server);
        foreach (var converters in (string[]?[])[null, [], ["crop", "no/such:name"], [.. Enumerable.Repeat("crop", 65)]])
        {
            using var refused = await manager.Http.PostAsJsonAsync("/claims", new { token = Token, converters }, Cancel);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    /// <summary>What comes from now on comes later, by the store's clock, which counts milliseconds.</summary>
    private static async Task ClockGoesOnAsync(TestStore store)
    {
        var time = await store.TimeAsync();
        await Until.TrueAsync("the clock went on", TimeSpan.FromSeconds(5), async () => await store.TimeAsync() > time + 1);
    }

    private static async Task<JobId[]> CreateAsync(TestStore store, string converter, int count, string? party = null)
    {
        var jobs = new JobId[count];
        for (var number = 0; number < count; number++)
        {
            jobs[number] = TestStore.NewId();
            Assert.Equal(ScriptResult.Created, await store.CreateAsync(jobs[number], converter, length: 10, party: party, yield: 1000));
        }

        return jobs;
    }

    /// <summary>Claims so many jobs of the program.</summary>
    private static async Task<List<string>> ClaimAsync(TestStore store, int count)
    {
        var claimed = new List<string>();
        for (var number = 0; number < count; number++)
        {
            claimed.Add((await store.ClaimAsync(Program, recipes: true))!.JobId);
        }

        return claimed;
    }
}
