using ImageEditor.JobManager.Attempts;
using ImageEditor.JobManager.Store;
using ImageEditor.JobManager.Sweeping;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.JobManager.Tests.Store;

/// <summary>Figures by converter, from which programs are scaled.</summary>
public sealed class StoreStatisticsTests(StoreServers servers)
{
    private const string Recipe = """[{"converter":"crop","parameters":{}},{"converter":"deepdream","parameters":{}}]""";

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task SetAside_IsCountedForTheConverterThatIsWaitedForUntilThePauseIsOver(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        JobId[] recipes = [TestStore.NewId(), TestStore.NewId()];
        var (single, released) = (TestStore.NewId(), TestStore.NewId());
        foreach (var recipe in recipes)
        {
            await store.CreateAsync(recipe, "crop", recipe: Recipe);
            await store.ClaimAsync(["crop"], recipes: true);
            await FailAsync(store, recipe, FailureKind.Unavailable, delay: 30, step: 1, "deepdream");
        }

        await store.CreateAsync(single, "crop");
        await store.ClaimAsync("crop");
        await FailAsync(store, single, FailureKind.Unavailable, delay: 30, step: null, converter: null);
        await store.CreateAsync(released, "crop");
        await store.ClaimAsync("crop");
        await FailAsync(store, released, FailureKind.Released, delay: 30, step: null, converter: null);

        Assert.Equal(new QueueStatistics("deepdream", 0, TimeSpan.Zero, SetAside: 2), await MeasureAsync(store, "deepdream"));
        var crop = await MeasureAsync(store, "crop");
        Assert.Equal((1, 1), (crop.Length, crop.SetAside));

        // The pauses end, all but one.
        foreach (var member in await store.Database.SortedSetRangeByRankAsync(StoreKeys.Aside))
        {
            if (!$"{member}".EndsWith($"{recipes[0]}", StringComparison.Ordinal))
            {
                await store.Database.SortedSetAddAsync(StoreKeys.Aside, member, 1);
            }
        }

        Assert.Equal((1, 0), ((await MeasureAsync(store, "deepdream")).SetAside, (await MeasureAsync(store, "crop")).SetAside));
        await store.AuditAsync();
        Assert.Equal($"deepdream {recipes[0]}", Assert.Single(await store.Database.SortedSetRangeByRankAsync(StoreKeys.Aside)));
        await Invariants.CheckAsync(store);
    }

    private static Task<ScriptResult> FailAsync(TestStore store, JobId id, string kind, double delay, int? step, string? converter) =>
        store.Leases.FailAsync(id, 1, Failure.From(
            new FailureReport(kind, 503, "urn:test", "Test", "Because.", delay, Step: step, Converter: converter)));

    private static async Task<QueueStatistics> MeasureAsync(TestStore store, string converter) =>
        Assert.Single((await store.Sweep.MeasureAsync([converter], await store.Clock.TickAsync())).Queues);
}
