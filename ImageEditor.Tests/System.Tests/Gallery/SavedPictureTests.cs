using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ImageEditor.Testing.Systems;

namespace ImageEditor.SystemTests.Gallery;

/// <summary>Whatever happens after 202, a signed-in user's picture is in the gallery: once.</summary>
public sealed class SavedPictureTests(SavedPictureTests.Fixture fixture) : IClassFixture<SavedPictureTests.Fixture>, IAsyncLifetime
{
    private readonly ImageEditorApp _app = fixture.App;
    private ImageEditorClient _client = null!;
    private Account _account = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _client = _app.CreateClient();
        _account = await _client.SignUpAsync(Cancel);
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Convert_ClientVanishesAfter202_OriginalResultAndThumbnailAreThere()
    {
        var picture = Photos.Read("rocket.jpg");
        string job;
        using (var vanishing = _app.CreateClient())
        {
            vanishing.Use(_account.AccessToken);
            job = await vanishing.SubmitAsync("converter=contrast&amount=40&name=caf%C3%A9.jpg", picture, Cancel);
        }

        var saved = await _client.WaitForPictureAsync(job, Cancel);
        Assert.Equal("contrast", saved.GetProperty("converter").GetString());
        Assert.Equal("40", saved.GetProperty("parameters").GetProperty("amount").ToString());
        Assert.Equal("caf\u00e9.jpg", saved.GetProperty("name").GetString());
        Assert.Equal("contrast", Assert.Single(saved.GetProperty("recipe").EnumerateArray()).GetProperty("converter").GetString());
        Assert.Equal(picture, await FetchAsync(saved, "original"));
        var result = await _client.WaitForEndAsync(job, Cancel);
        Assert.Equal(result.Body, await FetchAsync(saved, "converted"));
        Assert.EndsWith("filename*=UTF-8''caf%C3%A9-contrast.jpg", result.Headers["Content-Disposition"], StringComparison.Ordinal);
        Assert.NotEmpty(await FetchAsync(saved, "thumbnail"));
        var original = saved.GetProperty("original");
        Assert.Equal((640, 427), (original.GetProperty("width").GetInt32(), original.GetProperty("height").GetInt32()));
        Assert.InRange(saved.GetProperty("thumbnail").GetProperty("width").GetInt32(), 1, 512);
        await OnceAsync(job);
    }

    [Theory]
    [InlineData("image/heic")]
    [InlineData("image/tiff")]
    public async Task Convert_PictureThatBrowsersDoNotShow_IsKeptAndHasACopyThatTheyDo(string type)
    {
        var picture = type == "image/heic" ? HeifTools.Encode(Pictures.Png(96, 64)) : Pictures.Tiff(96, 64, value: 90);
        var copy = await PreviewAsync("display=true", picture);
        Assert.Equal((HttpStatusCode.OK, "image/jpeg"), (copy.Status, copy.ContentType));

        var job = await _client.SubmitAsync("converter=contrast&amount=40", picture, Cancel);
        var saved = await _client.WaitForPictureAsync(job, Cancel);

        Assert.Equal((type, picture.Length), (TypeOf("original"), saved.GetProperty("original").GetProperty("bytes").GetInt32()));
        Assert.Equal(picture, await FetchAsync(saved, "original"));
        Assert.Equal(type == "image/heic" ? "image/jpeg" : "image/tiff", TypeOf("converted"));
        Assert.Equal("image/jpeg", TypeOf("display"));
        Assert.Equal(copy.Body, await FetchAsync(saved, "display"));
        await OnceAsync(job);

        string? TypeOf(string kind) => saved.GetProperty(kind).GetProperty("type").GetString();
    }

    [Fact]
    public async Task Preview_TwoHundredTimes_LeavesNothingInTheStoreAndTheGallery()
    {
        const int Previews = 200;
        var before = await _app.StoreKeysAsync(Cancel);
        for (var number = 0; number < Previews; number++)
        {
            var answer = await PreviewAsync($"converter=contrast&amount={number % 100}", Pictures.Png(64, 48, (byte)number));
            Assert.Equal((HttpStatusCode.OK, "image/png"), (answer.Status, answer.ContentType));
        }

        Assert.Empty((await _app.StoreKeysAsync(Cancel)).Except(before));
        Assert.Empty(await _client.GalleryAsync(Cancel));
    }

    [Fact]
    public async Task StorageManagerDown_ResultIsThereAtOnceAndTheSaveCatchesUp()
    {
        var stopped = await _app.StopAllAsync("storage-manager", Cancel);
        var job = await ConvertAsync();
        await _app.StartAllAsync(stopped, Cancel);
        await _client.WaitForPictureAsync(job, Cancel);
        await OnceAsync(job);
    }

    [Fact]
    public async Task PostgresStoppedAndStarted_TheSaveCatchesUp()
    {
        var stopped = await _app.StopAllAsync("postgres", Cancel);
        var job = await ConvertAsync();
        await _app.StartAllAsync(stopped, Cancel);
        await _client.WaitForPictureAsync(job, Cancel);
        await OnceAsync(job);
    }

    [Fact]
    public async Task ConversionManagersKilledBetweenResultAndSave_AnotherOneSaves()
    {
        var stopped = await _app.StopAllAsync("storage-manager", Cancel);
        var job = await ConvertAsync();
        foreach (var replica in await _app.ReplicasAsync("conversion-manager"))
        {
            Signals.KillProcess(replica.ProcessId);
        }

        await _app.StartAllAsync(stopped, Cancel);
        await _client.WaitForPictureAsync(job, Cancel);
        await OnceAsync(job);
    }

    [Fact]
    public async Task JobStoreKilledWhileASaveWaits_TheSaveCatchesUp()
    {
        var stopped = await _app.StopAllAsync("storage-manager", Cancel);
        var job = await ConvertAsync();
        await _app.KillAsync("job-store");
        await _app.StartAllAsync(stopped, Cancel);
        await _client.WaitForPictureAsync(job, Cancel);
        await OnceAsync(job);
    }

    [Fact]
    public async Task PictureDeleted_ARepeatedSaveBringsNothingBack()
    {
        var job = await ConvertAsync();
        var saved = await _client.WaitForPictureAsync(job, Cancel);
        using var deleted = await _client.Http.DeleteAsync(
            new Uri($"/api/gallery/{saved.GetProperty("id").GetString()}", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);

        Assert.Equal(HttpStatusCode.Gone, await SaveOnceUpAsync(job));
        Assert.Empty(await _client.GalleryAsync(Cancel));
    }

    [Fact]
    public async Task AccountDeletedWhileItsSaveWaits_NothingIsLeft()
    {
        var stopped = await _app.StopAllAsync("storage-manager", Cancel);
        var job = await ConvertAsync();
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/api/auth/me")
        {
            Content = JsonContent.Create(new { password = Account.Password }),
        };
        using var deleted = await _client.Http.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);

        await _app.StartAllAsync(stopped, Cancel);

        // From the moment that the deletion has arrived, every save is refused; and it does arrive.
        await Until.TrueAsync(
            "saves are refused", TimeSpan.FromMinutes(2), async () => await SaveAsync(job) == HttpStatusCode.Gone, Cancel);
        using var storage = _app.CreateTrustedClient("storage-manager", _account.Id.ToString("D"));
        var page = await storage.GetFromJsonAsync<JsonElement>("/api/gallery", Cancel);
        Assert.Equal(0, page.GetProperty("items").GetArrayLength());
    }

    /// <summary>A preview does not wait for converters that have just been started, nor for a turn.</summary>
    private async Task<Answer> PreviewAsync(string query, byte[] picture)
    {
        Answer? answer = null;
        await Until.TrueAsync(
            "the converters are up",
            TimeSpan.FromMinutes(1),
            async () =>
            {
                using var content = new ByteArrayContent(picture);
                answer = await Answer.ReadAsync(
                    await _client.Http.PostAsync(new Uri("/api/previews?" + query, UriKind.Relative), content, Cancel), Cancel);
                return answer.Status is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests);
            },
            Cancel);
        return answer!;
    }

    private async Task<string> ConvertAsync()
    {
        var job = await _client.SubmitAsync("converter=grayscale", Pictures.Png(40, 30, 7), Cancel);
        Assert.Equal(HttpStatusCode.OK, (await _client.WaitForEndAsync(job, Cancel)).Status);
        return job;
    }

    // A save is over when the job store has nothing left of the job but its life for clients; a second one would come before.
    private async Task OnceAsync(string job)
    {
        await Until.TrueAsync(
            "the save is over",
            TimeSpan.FromMinutes(1),
            async () =>
            {
                try
                {
                    return (await _client.FirstEventAsync(job, Cancel)).Saved is not false;
                }
                catch (HttpRequestException refusal) when (refusal.StatusCode == HttpStatusCode.ServiceUnavailable)
                {
                    // The replica that was asked has not found its job store again, as the one has that saved the picture.
                    return false;
                }
            },
            Cancel);
        Assert.Single(await _client.GalleryAsync(Cancel), item => item.GetProperty("jobId").GetString() == job);
    }

    private async Task<byte[]> FetchAsync(JsonElement picture, string kind) =>
        await _client.Http.GetByteArrayAsync(new Uri(picture.GetProperty(kind).GetProperty("url").GetString()!, UriKind.Relative), Cancel);

    private async Task<HttpStatusCode> SaveAsync(string job)
    {
        var picture = Pictures.Png(40, 30, 7);
        using var form = new MultipartFormDataContent
        {
            {
                JsonContent.Create(new
                {
                    createdAt = DateTimeOffset.UtcNow.AddMinutes(-5),
                    converter = "grayscale",
                    parameters = new { },
                    original = new { width = 40, height = 30 },
                    converted = new { width = 40, height = 30 },
                }),
                "metadata"
            },
        };
        foreach (var kind in new[] { "original", "converted" })
        {
            var part = new ByteArrayContent(picture);
            part.Headers.ContentType = new("image/png");
            form.Add(part, kind, kind + ".png");
        }

        using var storage = _app.CreateTrustedClient("storage-manager");
        using var response = await storage.PutAsync(new Uri($"/pictures/{_account.Id:D}/{job}", UriKind.Relative), form, Cancel);
        return response.StatusCode;
    }

    /// <summary>Saves as a conversion manager does: again, while a replica has not found its database again.</summary>
    private async Task<HttpStatusCode> SaveOnceUpAsync(string job)
    {
        var status = HttpStatusCode.ServiceUnavailable;
        await Until.TrueAsync(
            "the storage manager answers",
            TimeSpan.FromMinutes(1),
            async () => (status = await SaveAsync(job)) != HttpStatusCode.ServiceUnavailable,
            Cancel);
        return status;
    }

    /// <summary>A system of its own: every test leaves it whole, but takes parts of it away meanwhile.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        public ImageEditorApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync() => App = await ImageEditorApp.StartAsync();

        public async ValueTask DisposeAsync()
        {
            if (App is not null)
            {
                await App.DisposeAsync();
            }
        }
    }
}
