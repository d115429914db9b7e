namespace ImageEditor.ConversionManager.Tests.Converting;

/// <summary>A conversion manager starts whatever else runs already.</summary>
public sealed class StartTests
{
    private static readonly TimeSpan TestTimeout = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_WhileTheJobStoreIsAway_TakesJobsOnceItIsBack()
    {
        await using var queue = await FakeQueue.StartAsync();
        queue.IsAway = true;
        await using var program = await FakeProgram.StartAsync("contrast", slots: 1);
        var job = queue.Add("contrast");

        await using var server = await ConvertingServer.StartAsync(queue, program);
        await UntilAsync("it has asked more than once", () => queue.Refused > 10);
        Assert.Equal(0, queue.Attempts(job));

        queue.IsAway = false;
        await UntilAsync("the job is done", () => queue.IsDone(job));
        Assert.Equal(1, queue.Attempts(job));
    }

    private static Task UntilAsync(string what, Func<bool> condition) =>
        Until.TrueAsync(what, TestTimeout, () => Task.FromResult(condition()), Cancellation);
}
