using System.Net;
using System.Text.Json;
using ImageEditor.SystemTests.Support;
using ImageEditor.Testing.Systems;

namespace ImageEditor.SystemTests.Conversions;

/// <summary>Pictures as large as may be, through every service, job store, converter and image storage: each has its limits.</summary>
[Collection(nameof(RunningApp))]
public sealed class LargePictureTests(RunningApp running) : IAsyncLifetime
{
    private readonly ImageEditorClient _client = running.App.CreateClient();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _client.SignUpAsync(Cancel);

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Convert_APictureAsLargeAsMayBe_ComesBackAndIsInTheGallery()
    {
        var picture = Pictures.PngOf(19_900_000);

        var job = await _client.SubmitAsync("converter=grayscale&name=large.png", picture, Cancel);
        var result = await _client.WaitForEndAsync(job, Cancel);

        Assert.Equal(HttpStatusCode.OK, result.Status);
        var saved = await _client.WaitForPictureAsync(job, Cancel);
        Assert.Equal(picture, await FetchAsync(saved, "original"));
        Assert.Equal(result.Body, await FetchAsync(saved, "converted"));
        Assert.Equal("large.png", saved.GetProperty("name").GetString());
    }

    /// <summary>A request has twice as many bytes, for a picture that is a parameter.</summary>
    [Fact]
    public async Task Convert_TwoPicturesAsLargeAsMayBe_ComeBackAndTheFirstIsInTheGallery()
    {
        var picture = Pictures.PngOf(19_900_000);
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(picture), "image", "large.png" },
            { new ByteArrayContent(Pictures.PngOf(19_900_000, number: 1)), "picture", "mark.png" },
        };

        var accepted = await Answer.ReadAsync(
            await _client.Http.PostAsync(new Uri("/api/conversions?converter=watermark", UriKind.Relative), form, Cancel), Cancel);
        Assert.Equal(HttpStatusCode.Accepted, accepted.Status);
        var job = JsonDocument.Parse(accepted.Body).RootElement.GetProperty("jobId").GetString()!;

        Assert.Equal(HttpStatusCode.OK, (await _client.WaitForEndAsync(job, Cancel)).Status);
        var saved = await _client.WaitForPictureAsync(job, Cancel);
        Assert.Equal(picture, await FetchAsync(saved, "original"));
        Assert.Equal("large.png", saved.GetProperty("name").GetString());
    }

    private async Task<byte[]> FetchAsync(JsonElement picture, string kind) =>
        await _client.Http.GetByteArrayAsync(new Uri(picture.GetProperty(kind).GetProperty("url").GetString()!, UriKind.Relative), Cancel);
}
