namespace ImageEditor.ConversionManager.Tests.Waiting;

/// <summary>What clients that wait for their results keep in memory. Nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(WaiterMemoryTests), DisableParallelization = true)]
[Collection(nameof(WaiterMemoryTests))]
public sealed class WaiterMemoryTests
{
    private const int Waiters = 10;
    private const int PictureBytes = 4_900_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Waiters_HoldNoInput()
    {
        await using var server = await WaitingServer.StartAsync();
        server.JobManager.Answer = (context, _) => server.JobManager.HoldAsync(context);
        using var own = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var picture = LargePicture.Create(PictureBytes);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var waiting = new List<Task<Answer>>();
        for (var number = 1; number <= Waiters; number++)
        {
            waiting.Add(server.SubmitAsync("wait=30", picture, hangUp: own.Token));
            await server.JobManager.Waits.ReachAsync(number, Cancellation);
        }

        var held = GC.GetTotalMemory(forceFullCollection: true) - before;

        // Connections keep buffers of theirs.
        Assert.True(held < Waiters * PictureBytes / 3, $"{Waiters} waiters hold {held / 1_000_000.0:0.0} MB.");
        await own.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(waiting));
    }
}
