using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using ImageEditor.SystemTests.Support;
using ImageEditor.Testing.Systems;

namespace ImageEditor.SystemTests.Gallery;

/// <summary>
/// Saving is part of the job: whoever is signed in has original and result in the gallery, whatever dies or is away meanwhile.
/// </summary>
public abstract class SavingTests(SharedSystem system) : IAsyncLifetime
{
    private const string Owner = "7d2c1c5e-0f7b-4c7e-9a55-6c4f4f6f0a01";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private static readonly byte[] Photo = Photos.Read("coffee.png");

    private readonly ImageEditorApp _app = system.App;
    private ImageEditorClient _client = null!;
    private ImageEditorClient _signedIn = null!;
    private FakeStorageManagerClient _storage = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // A new process of the fake storage manager knows nothing of the test before, whose last saves are over by then.
        await _app.RecoverAsync(Cancelled);
        using (var last = _app.CreateFakeStorageManagerClient())
        {
            await last.AnswerAsync(204, Cancelled);
            await last.PauseAsync(on: false, Cancelled);
        }

        await StoreIsEmptyAsync();
        var storage = await _app.KillAsync(ImageEditorApp.FakeStorageManager);
        await Until.TrueAsync(
            "the fake storage manager is new",
            Soon,
            () => Task.FromResult(
                _app.RunningReplicas(ImageEditorApp.FakeStorageManager).Any(replica => replica.ProcessId != storage.ProcessId)),
            Cancelled);
        await _app.RecoverAsync(Cancelled);
        _client = _app.CreateClient();
        _signedIn = new ImageEditorClient(_app.CreateTrustedClient("conversion-manager", Owner));
        _storage = _app.CreateFakeStorageManagerClient();
    }

    public ValueTask DisposeAsync()
    {
        _client?.Dispose();
        _signedIn?.Dispose();
        _storage?.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Job_OfSomebodySignedIn_IsSavedWithAllThatTheGalleryShows()
    {
        var id = await _signedIn.SubmitAsync("converter=contrast&amount=40", Photo, Cancelled);
        var result = await EndsWellAsync(id);

        var saved = await _storage.WaitForAsync(id, Soon, Cancelled);

        Assert.Equal((Owner, id, 1), (saved.Owner, saved.JobId, saved.Times));
        Assert.Equal(["converted", "original", "thumbnail"], saved.Parts.Keys.Order());
        Assert.Equal(new RecordedPart("image/png", Digest(Photo), Photo.Length), saved.Parts["original"]);
        Assert.Equal(new RecordedPart("image/png", Digest(result.Body), result.Body.Length), saved.Parts["converted"]);
        Assert.Equal("image/webp", saved.Parts["thumbnail"].ContentType);
        Assert.Equal("contrast", saved.Metadata.GetProperty("converter").GetString());
        Assert.Equal("""{"amount":40}""", saved.Metadata.GetProperty("parameters").GetRawText());
        var createdAt = DateTimeOffset.Parse(saved.Metadata.GetProperty("createdAt").GetString()!, CultureInfo.InvariantCulture);
        Assert.True(createdAt > DateTimeOffset.UtcNow.AddHours(-1));
        Assert.Equal((600, 400), Size(saved, "original"));
        Assert.Equal((600, 400), Size(saved, "converted"));
        Assert.Equal((512, 341), Size(saved, "thumbnail"));
    }

    /// <remarks>What is known of the image is not true: only so can it be seen that it is used.</remarks>
    [Fact]
    public async Task Save_OfAnImageThatIsKnown_InspectsItNoSecondTime()
    {
        using var picture = new ByteArrayContent([.. "padding"u8, .. Photo]);
        picture.Headers.ContentType = new("image/png");
        picture.Headers.Add(
            "X-Input-Images",
            $$"""[{"name":"image","contentType":"image/gif","offset":7,"length":{{Photo.Length}},"width":30,"height":20}]""");
        var id = await StoreJobAsync(picture);

        var saved = await _storage.WaitForAsync(id, Soon, Cancelled);

        Assert.Equal(new RecordedPart("image/gif", Digest(Photo), Photo.Length), saved.Parts["original"]);
        Assert.Equal((30, 20), Size(saved, "original"));
    }

    /// <remarks>It says nothing of the images in its input. May go when <c>UnmeasuredImage</c> does.</remarks>
    [Fact]
    public async Task Job_ThatTheReleaseBeforeHasStored_IsConvertedAndSaved()
    {
        using var form = Form(("image", Photo), ("stylePicture", Pictures.Png(32, 32, 2)));
        var id = await StoreJobAsync(form);
        var result = await EndsWellAsync(id);

        var saved = await _storage.WaitForAsync(id, Soon, Cancelled);

        Assert.Equal(new RecordedPart("image/png", Digest(Photo), Photo.Length), saved.Parts["original"]);
        Assert.Equal((600, 400), Size(saved, "original"));
        Assert.Equal(new RecordedPart("image/png", Digest(result.Body), result.Body.Length), saved.Parts["converted"]);
    }

    [Fact]
    public async Task Job_OfNobody_IsNotSaved()
    {
        var mine = await _signedIn.SubmitAsync("converter=slow", Pictures.Png(8, 8, 1), Cancelled);
        var nobodys = await _client.SubmitAsync("converter=slow", Pictures.Png(8, 8, 2), Cancelled);
        await EndsWellAsync(nobodys);

        await _storage.WaitForAsync(mine, Soon, Cancelled);

        Assert.Null((await EventAsync(nobodys)).Saved);
        await StoreIsEmptyAsync();
        Assert.Single(await _storage.PicturesAsync(Cancelled));
    }

    [Fact]
    public async Task Job_WhoseClientVanished_IsSavedAndToldToBe()
    {
        var id = await _signedIn.SubmitAsync("converter=slow&ms=1000", Photo, Cancelled);

        await _storage.WaitForAsync(id, Soon, Cancelled);
        await Until.TrueAsync(
            "the job is told to be saved", Soon, async () => (await EventAsync(id)) is { Saved: true } or { State: "unknown" }, Cancelled);
    }

    [Fact]
    public async Task Gallery_AwayForLongerThanTheJobsLife_GetsItAllTheSame()
    {
        var storage = Assert.Single(await _app.ReplicasAsync(ImageEditorApp.FakeStorageManager));
        await _app.StopAsync(storage.Id, Cancelled);
        var id = await _signedIn.SubmitAsync("converter=slow", Photo, Cancelled);

        // The client has its result at once, and the job lives and dies as any other.
        await EndsWellAsync(id);
        Assert.False((await EventAsync(id)).Saved);
        await Until.TrueAsync("the job's life is over", Soon, async () => (await EventAsync(id)).State == "unknown", Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetJobAsync(id, Cancelled)).Status);
        Assert.NotEmpty(await _app.StoreKeysAsync(Cancelled));

        await _app.StartResourceAsync(storage.Id, Cancelled);
        await _app.WaitUntilHealthyAsync(Cancelled);

        using var reached = _app.CreateFakeStorageManagerClient();
        var saved = await reached.WaitForAsync(id, Soon, Cancelled);
        Assert.Equal(Digest(Photo), saved.Parts["original"].Sha256);
        await StoreIsEmptyAsync();
        Assert.Equal(1, (await reached.WaitForAsync(id, Soon, Cancelled)).Times);
    }

    [Fact]
    public async Task DroppedResult_IsSavedAllTheSame()
    {
        await _storage.AnswerAsync(503, Cancelled);
        var id = await _signedIn.SubmitAsync("converter=slow", Photo, Cancelled);
        await EndsWellAsync(id);
        Assert.Equal(HttpStatusCode.NoContent, await _client.DeleteAsync(id, Cancelled));
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetJobAsync(id, Cancelled)).Status);

        await _storage.AnswerAsync(204, Cancelled);

        Assert.Equal(Digest(Photo), (await _storage.WaitForAsync(id, Soon, Cancelled)).Parts["original"].Sha256);
    }

    [Fact]
    public async Task Save_RefusedForGood_EndsAndIsLogged()
    {
        await _storage.AnswerAsync(410, Cancelled);
        var deleted = await _signedIn.SubmitAsync("converter=slow", Photo, Cancelled);
        await EndsWellAsync(deleted);
        await LoggedAsync("job-manager", $"Save of job {deleted[3..11]} ended by attempt 1");
        await _storage.AnswerAsync(400, Cancelled);
        var refused = await _signedIn.SubmitAsync("converter=slow", Pictures.Png(8, 8), Cancelled);
        await EndsWellAsync(refused);
        await LoggedAsync("job-manager", $"Save of job {refused[3..11]} refused permanently in attempt 1 with 400");

        await StoreIsEmptyAsync();

        Assert.Equal(2, await _storage.CallsAsync(Cancelled));
        Assert.Empty(await _storage.PicturesAsync(Cancelled));
    }

    [Fact]
    public async Task Kill_EveryConversionManagerBetweenResultAndSave_SavesOnce()
    {
        await _storage.PauseAsync(on: true, Cancelled);
        var id = await _signedIn.SubmitAsync("converter=slow", Photo, Cancelled);
        await EndsWellAsync(id);

        // It is saved, but nobody has been told: whoever knows is killed.
        await _storage.WaitForAsync(id, Soon, Cancelled);
        foreach (var replica in await _app.ReplicasAsync("conversion-manager"))
        {
            Signals.KillProcess(replica.ProcessId);
        }

        await _storage.PauseAsync(on: false, Cancelled);

        await LoggedAsync("job-manager", $"Job {id[3..11]} saved by attempt 2");
        await StoreIsEmptyAsync();
        Assert.Equal(2, Assert.Single(await _storage.PicturesAsync(Cancelled)).Times);
    }

    [Fact]
    public async Task Stop_AConversionManagerThatSaves_LeavesTheSaveToAnotherAtOnce()
    {
        await _storage.PauseAsync(on: true, Cancelled);
        var both = await _app.ReplicasAsync("conversion-manager");
        var id = await _signedIn.SubmitAsync("converter=slow", Photo, Cancelled);
        await _storage.WaitForAsync(id, Soon, Cancelled);

        foreach (var replica in both)
        {
            await _app.StopAsync(replica.Id, Cancelled);
        }

        await LoggedAsync("job-manager", $"Save of job {id[3..11]} waits again after attempt 1 (released)");
        await _storage.PauseAsync(on: false, Cancelled);
        foreach (var replica in both)
        {
            await _app.StartResourceAsync(replica.Id, Cancelled);
        }

        // Which of the two was stopped first is not known: the other may have tried as well.
        await LoggedAsync("job-manager", $"Job {id[3..11]} saved by attempt ");
    }

    [Fact]
    public async Task Kill_TheJobStoreWithSavesWaiting_SavesAllOfThem()
    {
        await _storage.AnswerAsync(503, Cancelled);
        var ids = new List<string>();
        for (var number = 0; number < 8; number++)
        {
            ids.Add(await _signedIn.SubmitAsync("converter=slow", Pictures.Png(40, 30, number), Cancelled));
        }

        foreach (var id in ids)
        {
            await EndsWellAsync(id);
        }

        await _app.KillAsync("job-store");
        await _storage.AnswerAsync(204, Cancelled);

        foreach (var id in ids)
        {
            await _storage.WaitForAsync(id, Soon, Cancelled);
        }

        await StoreIsEmptyAsync();
    }

    [Fact]
    public async Task Thumbnail_OfAConverterThatIsDown_IsWaitedFor()
    {
        var thumbnail = Assert.Single(await _app.ReplicasAsync("thumbnail"));
        await _app.StopAsync(thumbnail.Id, Cancelled);
        var id = await _signedIn.SubmitAsync("converter=slow", Photo, Cancelled);
        await EndsWellAsync(id);
        await LoggedAsync("job-manager", $"Save of job {id[3..11]} waits again after attempt 1 (again)");
        Assert.Empty(await _storage.PicturesAsync(Cancelled));

        await _app.StartResourceAsync(thumbnail.Id, Cancelled);

        Assert.Contains("thumbnail", (await _storage.WaitForAsync(id, Soon, Cancelled)).Parts.Keys);
    }

    private static (int Width, int Height) Size(RecordedPicture picture, string image)
    {
        var size = picture.Metadata.GetProperty(image);
        return (size.GetProperty("width").GetInt32(), size.GetProperty("height").GetInt32());
    }

    private static MultipartFormDataContent Form(params (string Name, byte[] Bytes)[] images)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, bytes) in images)
        {
            form.Add(new ByteArrayContent(bytes), name, name);
        }

        return form;
    }

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Stores a job for the fake converter, which reads any bytes, as the conversion manager does.</summary>
    private async Task<string> StoreJobAsync(HttpContent input)
    {
        var id = $"p0-{Guid.NewGuid():N}";
        using var jobs = _app.CreateTrustedClient("job-manager", Owner);
        using var created = await jobs.PostAsync(
            new Uri($"/jobs?id={id}&converter=slow&parameters=%7B%7D", UriKind.Relative), input, Cancelled);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        return id;
    }

    private async Task<Answer> EndsWellAsync(string id)
    {
        var answer = await _client.WaitForEndAsync(id, Cancelled);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer;
    }

    /// <summary>The first thing that an event stream tells of a job.</summary>
    private async Task<JobEvent> EventAsync(string id) => await _client.FirstEventAsync(id, Cancelled);

    private Task LoggedAsync(string resource, string text) => Until.TrueAsync(
        $"{resource} logs: {text}",
        Soon,
        () => Task.FromResult(
            _app.ReadLogs()
                .Any(log => log.Key.StartsWith(resource, StringComparison.Ordinal) && log.Value.Contains(text, StringComparison.Ordinal))),
        Cancelled);

    private async Task StoreIsEmptyAsync()
    {
        IReadOnlyList<string> keys = [];
        try
        {
            await Until.TrueAsync(
                "the store is empty", Soon, async () => (keys = await _app.StoreKeysAsync(Cancelled)).Count == 0, Cancelled);
        }
        catch (TimeoutException)
        {
            Assert.Empty(keys);
        }
    }
}

/// <summary>A system with shortened times, whose saves the fake storage manager receives.</summary>
public abstract class RecordedSystem(string store) : SharedSystem(
    store,
    new Dictionary<string, string>
    {
        ["job-manager/Jobs__ResultRetention"] = "00:00:05",
        ["job-manager/Jobs__Lease"] = "00:00:03",
        ["job-manager/Jobs__Heartbeat"] = "00:00:01",
        ["job-manager/Jobs__MaxSaveRetryDelay"] = "00:00:05",
        ["job-manager/Jobs__AuditInterval"] = "00:00:02",
        ["job-manager/Jobs__MaxClaimWait"] = "00:00:05",
    },
    useFakeStorageManager: true);

/// <inheritdoc/>
public sealed class SavingOnRedisTests(SavingOnRedisTests.System system) : SavingTests(system), IClassFixture<SavingOnRedisTests.System>
{
    public sealed class System() : RecordedSystem("redis");
}

/// <inheritdoc/>
public sealed class SavingOnGarnetTests(SavingOnGarnetTests.System system) : SavingTests(system), IClassFixture<SavingOnGarnetTests.System>
{
    public sealed class System() : RecordedSystem("garnet");
}
