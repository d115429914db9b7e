using ImageEditor.Testing.Systems;

namespace ImageEditor.SystemTests.Failures;

/// <summary>The storm with few jobs; tools/chaos-run has many.</summary>
public sealed class StormTests(ITestOutputHelper output)
{
    private const int Jobs = 100;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("redis")]
    [InlineData("garnet")]
    public async Task Storm_EveryAcceptedJob_EndsOnceWithTheReferencesBytes(string store)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        await using var app = await ImageEditorApp.StartAsync(store, Storm.Settings, cancellationToken: Cancelled);
        var plan = new StormPlan(Jobs, Clients: 8, Kills: 20, KillsEach: 1, Pause: TimeSpan.FromSeconds(1.5), seed);

        var report = await Storm.RunAsync(app, plan, Cancelled);

        output.WriteLine(
            $"{report.Elapsed.TotalSeconds:0.0} s, kills: {string.Join(", ", report.Kills.Select(kill => $"{kill.Key} {kill.Value}"))}");
        Assert.Empty(report.Wrong);
        Assert.Equal(Jobs, report.Accepted.Distinct().Count());
        await app.WaitUntilHealthyAsync(Cancelled);
        Assert.Empty(report.Strangers);
        Assert.Empty(await Storm.LeftOverAsync(app, Cancelled));
    }
}
