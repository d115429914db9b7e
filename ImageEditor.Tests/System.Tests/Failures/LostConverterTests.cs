using System.Net;
using ImageEditor.SystemTests.Support;
using ImageEditor.Testing.Systems;

namespace ImageEditor.SystemTests.Failures;

/// <summary>A converter's process that dies in the middle of minutes of work costs the client nothing but time.</summary>
[Collection(nameof(RunningApp))]
public sealed class LostConverterTests(RunningApp running) : IAsyncLifetime
{
    private static readonly TimeSpan AfterTheFault = TimeSpan.FromMinutes(10);
    private readonly ImageEditorApp _app = running.App;
    private readonly ImageEditorClient _client = running.Client;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await running.RecoverAsync();

    [Theory]
    [InlineData("upscale", "converter=upscale&scale=2", "rocket.jpg")]
    [InlineData("deepdream", "converter=deepdream&steps=40", "coffee.png")]
    public async Task Kill_AConverterHalfWay_TheResultIsThatOfUndisturbedWork(string converter, string query, string photo)
    {
        var picture = Photos.Read(photo);
        var undisturbed = await _client.WaitForEndAsync(await _client.SubmitAsync(query, picture, Cancelled), Cancelled);
        Assert.Equal(HttpStatusCode.OK, undisturbed.Status);

        var id = await _client.SubmitAsync(query, picture, Cancelled);
        await _client.EventsAsync(id, Cancelled).FirstAsync(told => told.Progress > 0, Cancelled);
        await _app.KillAsync(converter);
        Assert.Equal(HttpStatusCode.Accepted, (await _client.GetJobAsync(id, Cancelled)).Status);

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(AfterTheFault);
        var answer = await _client.WaitForEndAsync(id, deadline.Token);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(undisturbed.Body, answer.Body);
    }
}
