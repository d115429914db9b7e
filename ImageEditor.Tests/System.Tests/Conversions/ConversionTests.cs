using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ImageEditor.SystemTests.Support;
using ImageEditor.Testing.Systems;

namespace ImageEditor.SystemTests.Conversions;

/// <summary>Pictures through the Gateway, as clients send them.</summary>
[Collection(nameof(RunningApp))]
public sealed class ConversionTests(RunningApp running)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> IntactPhotos => [.. Photos.Intact];

    [Theory]
    [MemberData(nameof(IntactPhotos))]
    public async Task Convert_EveryPhotoByEveryConverter_AnswersAnImage(string photo)
    {
        var picture = Photos.Read(photo);
        foreach (var query in new[]
        {
            "converter=grayscale", "converter=flip-horizontal", "converter=contrast&amount=40", "converter=pixelate&size=20",
            "converter=crop&ratio=1:1", "converter=watermark&text=Sample",
        })
        {
            var id = await running.Client.SubmitAsync(query, picture, Cancelled);
            var answer = await running.Client.WaitForEndAsync(id, Cancelled);

            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.StartsWith("image/", answer.ContentType, StringComparison.Ordinal);
            Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
            Assert.Equal("sandbox", answer.Headers["Content-Security-Policy"]);
            Assert.Contains("no-store", answer.Headers["Cache-Control"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Submit_Accepted_SaysWhereTheJobIs()
    {
        var answer = await running.Client.TrySubmitAsync("converter=slow&ms=0", Pictures.Png(8, 8), cancellationToken: Cancelled);

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        var id = JsonDocument.Parse(answer.Body).RootElement.GetProperty("jobId").GetString();
        Assert.Matches("^p0-[0-9a-f]{32}$", id);
        Assert.Equal($"/api/jobs/{id}", answer.Headers["Location"]);
        Assert.Equal("1", answer.Headers["Retry-After"]);
    }

    [Fact]
    public async Task Submit_AForm_IsTheSameAsTheRawImage()
    {
        var picture = Photos.Read("chelsea.png");
        var id = await SubmitFormAsync(running.Client, "grayscale", ("image", picture));

        var asForm = await running.Client.WaitForEndAsync(id, Cancelled);
        var raw = await running.Client.WaitForEndAsync(
            await running.Client.SubmitAsync("converter=grayscale", picture, Cancelled), Cancelled);

        Assert.Equal(HttpStatusCode.OK, asForm.Status);
        Assert.Equal(raw.Body, asForm.Body);
    }

    [Fact]
    public async Task Submit_OfTwoImages_SavesTheConvertedOneAsTheOriginal()
    {
        using var client = running.App.CreateClient();
        await client.SignUpAsync(Cancelled);
        var original = Pictures.Png(64, 48, 3);
        var id = await SubmitFormAsync(client, "style-transfer", ("stylePicture", Photos.Read("rocket.jpg")), ("image", original));

        Assert.Equal(HttpStatusCode.OK, (await client.WaitForEndAsync(id, Cancelled)).Status);
        var saved = (await client.WaitForPictureAsync(id, Cancelled)).GetProperty("original");
        Assert.Equal((64, 48), (saved.GetProperty("width").GetInt32(), saved.GetProperty("height").GetInt32()));
        Assert.Equal(
            original, await client.Http.GetByteArrayAsync(new Uri(saved.GetProperty("url").GetString()!, UriKind.Relative), Cancelled));
    }

    [Fact]
    public async Task Submit_TwiceWithOneIdempotencyKey_IsOneJob()
    {
        var first = await running.Client.SubmitUntilAcceptedAsync("converter=slow&ms=0", Pictures.Png(8, 8, 1), "key", Cancelled);
        var again = await running.Client.SubmitUntilAcceptedAsync("converter=slow&ms=0", Pictures.Png(8, 8, 1), "key", Cancelled);
        var otherPicture = await running.Client.SubmitUntilAcceptedAsync("converter=slow&ms=0", Pictures.Png(8, 8, 2), "key", Cancelled);
        var otherParameters = await running.Client.SubmitUntilAcceptedAsync("converter=slow&ms=1", Pictures.Png(8, 8, 1), "key", Cancelled);

        Assert.Equal(first, again);
        Assert.Equal(3, new HashSet<string> { first, otherPicture, otherParameters }.Count);
    }

    [Fact]
    public async Task ListConverters_ShowsEachWithItsSchema()
    {
        var converters = await running.Client.Http.GetFromJsonAsync<JsonElement>("/api/converters", Cancelled);

        var names = converters.EnumerateArray().Select(converter => converter.GetProperty("name").GetString()).ToList();
        string[] expected =
        [
            "slow", .. running.App.ConvertersOfTheAppHost.Where(converter => converter.IsPublic).Select(converter => converter.Name),
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), names);
        Assert.All(converters.EnumerateArray(), converter =>
        {
            Assert.True(converter.GetProperty("up").GetBoolean());
            Assert.Equal("object", converter.GetProperty("parameters").GetProperty("type").GetString());
        });
        Assert.Equal(
            "cpu",
            converters.EnumerateArray()
                .Single(converter => converter.GetProperty("name").GetString() == "upscale")
                .GetProperty("device")
                .GetString());
        var amount = converters.EnumerateArray()
            .Single(converter => converter.GetProperty("name").GetString() == "contrast")
            .GetProperty("parameters")
            .GetProperty("properties")
            .GetProperty("amount");
        Assert.Equal(
            (-100, 100, 30),
            (amount.GetProperty("minimum").GetInt32(), amount.GetProperty("maximum").GetInt32(), amount.GetProperty("default").GetInt32()));
    }

    /// <remarks>The test above takes AppHost.cs as it is. This one fails where a converter's line is missing there.</remarks>
    [Fact]
    public void AppHost_ListsEveryConverterOfTheRepository()
    {
        var projects = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "converters"))
            .Where(folder => Directory.EnumerateFiles(folder, "*.csproj").Any())
            .Select(folder => Path.GetFileName(folder))
            .Where(name => !name.StartsWith("Converters.", StringComparison.Ordinal));

        var listed = running.App.ConvertersOfTheAppHost
            .Select(converter => Path.GetFileName(Path.TrimEndingDirectorySeparator(converter.Folder)))
            .Distinct();

        Assert.Equal(projects.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Events_OfTwoJobs_TellEachToItsEndAndThenStop()
    {
        var one = await running.Client.SubmitAsync("converter=slow&ms=300", Pictures.Png(8, 8, 3), Cancelled);
        var other = await running.Client.SubmitAsync("converter=slow&answer=unprocessable", Pictures.Png(8, 8, 4), Cancelled);
        using var response = await running.Client.Http.GetAsync(
            new Uri($"/api/jobs/events?id={one}&id={other}&id=p0-00000000000000000000000000000000", UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead,
            Cancelled);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);

        var last = new Dictionary<string, JsonElement>();
        await using var stream = await response.Content.ReadAsStreamAsync(Cancelled);
        await foreach (var item in System.Net.ServerSentEvents.SseParser.Create(stream).EnumerateAsync(Cancelled))
        {
            if (item.EventType == "job")
            {
                var change = JsonDocument.Parse(item.Data).RootElement;
                last[change.GetProperty("jobId").GetString()!] = change;
            }
        }

        Assert.Equal("done", last[one].GetProperty("state").GetString());
        Assert.Equal(200, last[one].GetProperty("status").GetInt32());
        Assert.Equal("failed", last[other].GetProperty("state").GetString());
        Assert.Equal(422, last[other].GetProperty("status").GetInt32());
        Assert.EndsWith("not-decodable", last[other].GetProperty("problem").GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.Equal("unknown", last["p0-00000000000000000000000000000000"].GetProperty("state").GetString());
    }

    [Fact]
    public async Task Convert_WithProgress_HandsOnWhatTheConverterFound()
    {
        var id = await running.Client.SubmitAsync("converter=slow&answer=progress", Pictures.Png(8, 8, 5), Cancelled);
        var answer = await running.Client.WaitForEndAsync(id, Cancelled);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(2, JsonDocument.Parse(answer.Headers["X-Result-Info"]).RootElement.GetProperty("found").GetInt32());
    }

    [Theory]
    [InlineData("/openapi/conversion-manager/public.json", "/api/conversions")]
    [InlineData("/openapi/job-manager/public.json", "/api/jobs/{id}")]
    [InlineData("/openapi/job-manager/internal.json", "/claims")]
    [InlineData("/openapi/conversion-manager/internal.json", null)]
    [InlineData("/openapi/web-frontend/internal.json", null)]
    [InlineData("/openapi/gateway/internal.json", null)]
    [InlineData("/openapi/converters/grayscale.json", "/convert")]
    [InlineData("/openapi/converters/flip-horizontal.json", "/convert")]
    [InlineData("/openapi/converters/contrast.json", "/convert")]
    [InlineData("/openapi/converters/crop.json", "/crop/convert")]
    public async Task OpenApi_OfEveryService_IsReachableThroughTheGateway(string address, string? path)
    {
        var document = await running.Client.Http.GetFromJsonAsync<JsonElement>(address, Cancelled);

        Assert.StartsWith("3.", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        if (path is not null)
        {
            Assert.Contains(document.GetProperty("paths").EnumerateObject(), entry => entry.Name.TrimEnd('/') == path);
        }
    }

    [Fact]
    public async Task OpenApi_HasAPageToBrowseIt()
    {
        var page = await running.Client.Http.GetStringAsync(new Uri("/openapi/", UriKind.Relative), Cancelled);

        Assert.Contains("conversion-manager/public", page, StringComparison.Ordinal);
        Assert.Contains("converters/contrast", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gateway_ServesHttpsWithItsDevelopmentCertificate()
    {
        System.Security.Cryptography.X509Certificates.X509Certificate2? certificate = null;
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, shown, _, _) =>
            {
                certificate = new(shown!);
                return true;
            },
        };
        using var client = new HttpClient(handler);
        using var page = await client.GetAsync(running.App.AddressOf("gateway", "https"), Cancelled);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("CN=localhost", certificate!.Subject);
    }

    private static async Task<string> SubmitFormAsync(
        ImageEditorClient client, string converter, params (string Name, byte[] Picture)[] images)
    {
        Answer accepted = null!;
        await Until.TrueAsync("the form is taken", TimeSpan.FromSeconds(30), async () =>
        {
            using var form = new MultipartFormDataContent();
            foreach (var (name, picture) in images)
            {
                form.Add(new ByteArrayContent(picture), name, name);
            }

            var address = new Uri($"/api/conversions?converter={converter}", UriKind.Relative);
            accepted = await Answer.ReadAsync(await client.Http.PostAsync(address, form, Cancelled), Cancelled);
            return accepted.Status != HttpStatusCode.ServiceUnavailable;
        }, Cancelled);
        Assert.Equal(HttpStatusCode.Accepted, accepted.Status);
        return JsonDocument.Parse(accepted.Body).RootElement.GetProperty("jobId").GetString()!;
    }
}
