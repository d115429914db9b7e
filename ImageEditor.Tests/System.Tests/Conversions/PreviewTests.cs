using System.Net;
using ImageEditor.SystemTests.Support;

namespace ImageEditor.SystemTests.Conversions;

/// <summary>What a converter shows while it works reaches whoever follows the job.</summary>
[Collection(nameof(RunningApp))]
public sealed class PreviewTests(RunningApp running)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Preview_OfARunningJob_IsShownAndGoesWithItsEnd()
    {
        var picture = Pictures.Png(20, 20, 5);
        var (first, second) = (await ResultAsync([.. picture, 1]), await ResultAsync([.. picture, 1, 2]));
        var id = await running.Client.SubmitAsync("converter=slow&ms=12000&answer=preview", picture, Cancelled);

        var shown = new List<byte[]>();
        string? last = null;
        await foreach (var told in running.Client.EventsAsync(id, Cancelled))
        {
            if (told.Preview is { } address && address != last)
            {
                last = address;
                Assert.StartsWith($"/api/jobs/{id}/preview?n=", address, StringComparison.Ordinal);
                var preview = await Answer.ReadAsync(
                    await running.Client.Http.GetAsync(new Uri(address, UriKind.Relative), Cancelled), Cancelled);
                Assert.Equal((HttpStatusCode.OK, "image/png"), (preview.Status, preview.ContentType));
                Assert.Equal("no-store", preview.Headers["Cache-Control"]);
                Assert.Equal("nosniff", preview.Headers["X-Content-Type-Options"]);
                Assert.Equal("sandbox", preview.Headers["Content-Security-Policy"]);
                shown.Add(preview.Body);
            }
        }

        // A newer picture takes the place of an older one at any time.
        Assert.NotEmpty(shown);
        Assert.All(shown, preview => Assert.True(preview.SequenceEqual(first) || preview.SequenceEqual(second)));
        Assert.Equal(second, shown[^1]);
        Assert.Equal(await ResultAsync(picture), (await running.Client.GetJobAsync(id, Cancelled)).Body);
        Assert.Null((await running.Client.FirstEventAsync(id, Cancelled)).Preview);
        Assert.Equal(HttpStatusCode.NoContent, await PreviewStatusAsync(id));
    }

    [Fact]
    public async Task Preview_OfAJobThatShowsNone_Is204()
    {
        var id = await running.Client.SubmitAsync("converter=slow&ms=60000", Pictures.Png(20, 20, 6), Cancelled);
        await running.Client.WaitUntilRunningAsync(id, Cancelled);

        Assert.Equal(HttpStatusCode.NoContent, await PreviewStatusAsync(id));
        Assert.Null((await running.Client.FirstEventAsync(id, Cancelled)).Preview);
        Assert.Equal(
            System.Text.Json.JsonValueKind.Null, (await running.Client.GetStateAsync(id, Cancelled)).GetProperty("preview").ValueKind);
        Assert.Equal(HttpStatusCode.NoContent, await running.Client.DeleteAsync(id, Cancelled));
    }

    [Fact]
    public async Task ThumbnailConverter_ForClients_DoesNotExist()
    {
        // It is up once its process says so; the conversion managers know it soon afterwards.
        using var thumbnail = running.App.CreateServiceClient("thumbnail");
        await Until.TrueAsync(
            "the thumbnail converter is up",
            Soon,
            async () => (await thumbnail.GetAsync(new Uri("/health", UriKind.Relative), Cancelled)).IsSuccessStatusCode,
            Cancelled);
        await Until.TrueAsync(
            "it is refused as unknown", Soon, async () => (await SubmitAsync()).Status == HttpStatusCode.NotFound, Cancelled);
        Problems.AssertProblem(await SubmitAsync(), HttpStatusCode.NotFound, "unknown-converter");

        var listed = await running.Client.Http.GetStringAsync(new Uri("/api/converters", UriKind.Relative), Cancelled);

        Assert.DoesNotContain("\"thumbnail\"", listed, StringComparison.Ordinal);
        Assert.Contains("\"contrast\"", listed, StringComparison.Ordinal);

        Task<Answer> SubmitAsync() =>
            running.Client.TrySubmitAsync("converter=thumbnail", Pictures.Png(8, 8), idempotencyKey: null, Cancelled);
    }

    private async Task<HttpStatusCode> PreviewStatusAsync(string id)
    {
        using var response = await running.Client.Http.GetAsync(new Uri($"/api/jobs/{id}/preview", UriKind.Relative), Cancelled);
        return response.StatusCode;
    }

    /// <summary>What the slow converter makes of a picture.</summary>
    private async Task<byte[]> ResultAsync(byte[] picture)
    {
        var answer = await running.Client.WaitForEndAsync(
            await running.Client.SubmitAsync("converter=slow", picture, Cancelled), Cancelled);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Body;
    }
}
