using ImageEditor.Testing.Systems;

namespace ImageEditor.SystemTests.Conversions;

/// <summary>Replicas behind one address do as many times the work, and nobody is told how many there are.</summary>
public sealed class ReplicasTests
{
    private const int Replicas = 4;
    private const int MaxPeriods = 8;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(6);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The promise is 0.9 of as many times the jobs a second; here three times the loss is allowed, as in all tests of figures.</summary>
    [Fact]
    public async Task Convert_WithFourReplicas_IsFourTimesTheJobsOfOneAndFallsBackWithThem()
    {
        await using var app = await ImageEditorApp.StartAsync(
            settings: ReplicaLoad.Settings, slowReplicas: Replicas, cancellationToken: Cancelled);
        var others = (await app.ReplicasAsync("slow")).Skip(1).ToList();
        await Task.WhenAll(others.Select(replica => app.StopAsync(replica.Id, Cancelled)));
        await using var load = ReplicaLoad.Start(app, Replicas);

        await AssertRateAsync(load, ReplicaLoad.SlotsEach);
        await Task.WhenAll(others.Select(replica => app.StartResourceAsync(replica.Id, Cancelled)));
        await AssertRateAsync(load, Replicas * ReplicaLoad.SlotsEach);
        await Task.WhenAll(others.Select(replica => app.StopAsync(replica.Id, Cancelled)));
        await AssertRateAsync(load, ReplicaLoad.SlotsEach);
    }

    /// <summary>Replicas start, and their number is learnt, while the first periods are measured.</summary>
    private static async Task AssertRateAsync(ReplicaLoad load, int perSecond)
    {
        var (low, high) = (0.7 * perSecond, 1.3 * perSecond);
        var rates = new List<double>();
        do
        {
            rates.Add(await load.MeasureAsync(settle: TimeSpan.Zero, Period, Cancelled));
        }
        while (rates.Count < MaxPeriods && (rates[^1] < low || rates[^1] > high));

        Assert.True(rates[^1] >= low && rates[^1] <= high, $"Jobs a second, of {perSecond}: {string.Join(", ", rates)}");
    }
}
