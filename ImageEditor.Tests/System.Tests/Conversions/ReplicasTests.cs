using ImageEditor.Testing.Systems;

namespace ImageEditor.SystemTests.Conversions;

/// <summary>Replicas behind one address do as many times the work, and nobody is told how many there are.</summary>
public sealed class ReplicasTests
{
    private const int Replicas = 4;

    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);
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

        var one = await load.MeasureAsync(Settle, Period, Cancelled);
        await Task.WhenAll(others.Select(replica => app.StartResourceAsync(replica.Id, Cancelled)));
        var four = await load.MeasureAsync(Settle, Period, Cancelled);
        await Task.WhenAll(others.Select(replica => app.StopAsync(replica.Id, Cancelled)));
        var oneAgain = await load.MeasureAsync(Settle, Period, Cancelled);

        Assert.InRange(one, 0.7 * ReplicaLoad.SlotsEach, 1.3 * ReplicaLoad.SlotsEach);
        Assert.InRange(four, 0.7 * Replicas * one, 1.3 * Replicas * one);
        Assert.InRange(oneAgain, 0.7 * one, 1.3 * one);
    }
}
