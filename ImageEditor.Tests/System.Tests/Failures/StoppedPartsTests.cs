using System.Net;
using ImageEditor.SystemTests.Support;

namespace ImageEditor.SystemTests.Failures;

/// <summary>What is handed in while a part is stopped is refused with words, or waits.</summary>
[Collection(nameof(RunningApp))]
public sealed class StoppedPartsTests(RunningApp running) : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Others use this system, too.</summary>
    public async ValueTask DisposeAsync() => await running.RecoverAsync();

    [Fact]
    public async Task Submit_WhileTheJobManagersAreDown_Is503AndAcceptedJobsGoOnAfterwards()
    {
        var id = await running.Client.SubmitAsync("converter=slow&ms=2000", Pictures.Png(8, 8), Cancelled);
        var managers = await running.App.ReplicasAsync("job-manager");
        foreach (var manager in managers)
        {
            await running.App.StopAsync(manager.Id, Cancelled);
        }

        await Until.TrueAsync(
            "no job manager runs", Soon, () => Task.FromResult(running.App.RunningReplicas("job-manager").Count == 0), Cancelled);
        Problems.AssertProblem(
            await running.Client.TrySubmitAsync("converter=slow", Pictures.Png(8, 8), cancellationToken: Cancelled),
            HttpStatusCode.ServiceUnavailable,
            "unavailable");
        Problems.AssertProblem(await running.Client.GetJobAsync(id, Cancelled), HttpStatusCode.ServiceUnavailable, "unavailable");
        using var page = await running.Client.Http.GetAsync(new Uri("/", UriKind.Relative), Cancelled);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);

        foreach (var manager in managers)
        {
            await running.App.StartResourceAsync(manager.Id, Cancelled);
        }

        Assert.Equal(HttpStatusCode.OK, (await running.Client.WaitForEndAsync(id, Cancelled)).Status);
    }

    [Fact]
    public async Task Job_WhoseConverterIsDown_WaitsForItWhileOthersRun()
    {
        var slow = Assert.Single(await running.App.ReplicasAsync("slow"));
        await running.App.StopAsync(slow.Id, Cancelled);
        var id = await running.Client.SubmitAsync("converter=slow", Pictures.Png(8, 8), Cancelled);
        var other = await running.Client.SubmitAsync("converter=grayscale", Pictures.Png(8, 8), Cancelled);

        Assert.Equal(HttpStatusCode.OK, (await running.Client.WaitForEndAsync(other, Cancelled)).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await running.Client.GetJobAsync(id, Cancelled)).Status);

        await running.App.StartResourceAsync(slow.Id, Cancelled);
        Assert.Equal(HttpStatusCode.OK, (await running.Client.WaitForEndAsync(id, Cancelled)).Status);
    }
}
