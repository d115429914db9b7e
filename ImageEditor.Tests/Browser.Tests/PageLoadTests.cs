using System.Net;
using System.Text.Json;
using ImageEditor.Browser.Tests.Support;

namespace ImageEditor.Browser.Tests;

/// <summary>What the first load of the page costs, and how its files are served.</summary>
[Collection(nameof(RunningSite))]
public sealed class PageLoadTests(RunningSite site)
{
    private const int MaxBytes = 120 * 1024;

    private static readonly string DocumentFolder = Path.Combine(Repository.Root, "services", "WebFrontend", "openapi");

    /// <summary>The services whose API the app uses.</summary>
    public static TheoryData<string> Documents =>
        [.. Directory.EnumerateFiles(DocumentFolder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file))];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FirstLoad_ScriptAndStyle_AreAtMost120Kilobytes()
    {
        await using var user = await site.NewUserAsync();
        var requests = new List<IRequest>();
        user.Page.RequestFinished += (_, request) =>
        {
            if (request.ResourceType is "script" or "stylesheet")
            {
                requests.Add(request);
            }
        };

        await user.OpenAsync();
        await user.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        var sizes = await Task.WhenAll(requests.Select(request => request.SizesAsync()));
        var total = sizes.Sum(size => size.ResponseBodySize);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"First load: {total / 1024.0:0.0} KiB in {sizes.Length} files of script and style");
        Assert.Contains(requests, request => request.ResourceType == "stylesheet");
        Assert.InRange(total, 1, MaxBytes);
        Assert.InRange(await user.LayoutShiftAsync(), 0, 0.02);
    }

    [Fact]
    public async Task FirstLoad_FirstContentfulPaint_IsInTheTrace()
    {
        await using var user = await site.NewUserAsync();
        var paint = await FirstPaint.MeasureAsync(site.Browser, user.Page, site.Address);
        TestContext.Current.TestOutputHelper!.WriteLine($"First contentful paint: {paint.TotalMilliseconds:0} ms");
        Assert.True(paint > TimeSpan.Zero);
    }

    [Fact]
    public async Task Converting_CausesNoLayoutShift()
    {
        await using var user = await site.NewUserAsync();
        await user.OpenAsync();
        await user.ConvertAndDownloadAsync("Grayscale", TestPictures.Colours(1200, 900));
        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Continue with this" }).ClickAsync();
        await user.ConvertAsync();
        await user.WaitForResultAsync();

        Assert.InRange(await user.LayoutShiftAsync(), 0, 0.02);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    [InlineData(null)]
    public async Task Assets_AreHashedCompressedAndKeptForAYear(string? encoding)
    {
        using var client = site.App.CreateClient();
        var page = await client.Http.GetStringAsync(new Uri("/", UriKind.Relative), Cancellation);
        var script = System.Text.RegularExpressions.Regex.Match(page, "/assets/[^\"]+\\.js").Value;
        using var request = new HttpRequestMessage(HttpMethod.Get, script);
        if (encoding is not null)
        {
            request.Headers.Add("Accept-Encoding", encoding);
        }

        using var answer = await client.Http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/javascript", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(encoding is null ? [] : [encoding], answer.Content.Headers.ContentEncoding);
        Assert.Equal("public, max-age=31536000, immutable", answer.Headers.CacheControl!.ToString());
        Assert.Contains("Accept-Encoding", answer.Headers.Vary);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/gallery")]
    [InlineData("/gallery/00000000-0000-0000-0000-000000000000")]
    [InlineData("/sign-in")]
    [InlineData("/sign-up")]
    [InlineData("/account")]
    public async Task Page_IsAskedForEachTimeAndAllowsNothingFromOutside(string path)
    {
        using var client = site.App.CreateClient();
        using var answer = await client.Http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("no-cache", answer.Headers.CacheControl!.ToString());
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/assets/nothing.js")]
    [InlineData("/nowhere")]
    [InlineData("/gallery/a/b")]
    [InlineData("/index.html.map")]
    public async Task Address_OfNothing_Is404AndNotKept(string path)
    {
        using var client = site.App.CreateClient();
        using var answer = await client.Http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.DoesNotContain("immutable", answer.Headers.CacheControl?.ToString() ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Documents_ThatTheAppsTypesComeFrom_AreThoseOfTheServices(string service)
    {
        using var client = site.App.CreateClient();
        var current = await client.Http.GetStringAsync(new Uri($"/openapi/{service}/public.json", UriKind.Relative), Cancellation);
        var kept = await File.ReadAllTextAsync(Path.Combine(DocumentFolder, $"{service}.json"), Cancellation);

        Assert.True(
            JsonElement.DeepEquals(JsonDocument.Parse(kept).RootElement, JsonDocument.Parse(current).RootElement),
            $"services/WebFrontend/openapi/{service}.json is not what the service says today: "
            + "run eng/api-documents.sh while the system runs.");
    }
}
