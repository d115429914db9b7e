using System.Net;
using ImageEditor.Tests.Harness;

namespace ImageEditor.Tests.Integration;

/// <summary>A converter's process that dies in the middle of minutes of work costs the client nothing but time.</summary>
public sealed class LostConverterTests : IAsyncLifetime
{
    private static readonly TimeSpan AfterTheFault = TimeSpan.FromMinutes(10);
    private ImageEditorApp _app = null!;
    private ImageEditorClient _client = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await ImageEditorApp.StartAsync(allConverters: true, cancellationToken: Cancelled);
        _client = _app.CreateClient();
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("upscale", "converter=upscale&scale=2", "rocket.jpg")]
    [InlineData("deepdream", "converter=deepdream&steps=40", "coffee.png")]
    public async Task Kill_AConverterHalfWay_TheResultIsThatOfUndisturbedWork(string converter, string query, string photo)
    {
        var picture = Pictures.Photo(photo);
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
