using System.Net;
using System.Text.Json;
using ImageEditor.Tests.Browser.Support;

namespace ImageEditor.Tests.Browser;

/// <summary>What the first look costs, and how the files are served.</summary>
[Collection(nameof(Site))]
public sealed class LoadTests(Site site)
{
    private const int MostBytes = 120 * 1024;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FirstLoad_ScriptAndStyle_AreAtMost120Kilobytes()
    {
        await using var visitor = await site.VisitAsync();
        var requests = new List<IRequest>();
        visitor.Page.RequestFinished += (_, request) =>
        {
            if (request.ResourceType is "script" or "stylesheet")
            {
                requests.Add(request);
            }
        };

        await visitor.OpenAsync();
        await visitor.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        var sizes = await Task.WhenAll(requests.Select(request => request.SizesAsync()));
        var total = sizes.Sum(size => size.ResponseBodySize);
        TestContext.Current.TestOutputHelper!.WriteLine($"First load: {total / 1024.0:0.0} KiB in {sizes.Length} files of script and style");
        Assert.Contains(requests, request => request.ResourceType == "stylesheet");
        Assert.InRange(total, 1, MostBytes);
        Assert.InRange(await visitor.LayoutShiftAsync(), 0, 0.02);
    }

    [Fact]
    public async Task FirstLoad_FirstContentfulPaint_IsInTheTrace()
    {
        await using var visitor = await site.VisitAsync();
        var paint = await FirstPaint.MeasureAsync(site.Browser, visitor.Page, site.Address);
        TestContext.Current.TestOutputHelper!.WriteLine($"First contentful paint: {paint.TotalMilliseconds:0} ms");
        Assert.True(paint > TimeSpan.Zero);
    }

    [Fact]
    public async Task Converting_ShiftsNothing()
    {
        await using var visitor = await site.VisitAsync();
        await visitor.OpenAsync();
        await visitor.ConvertedAsync("Grayscale", TestPictures.Colours(1200, 900));
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Continue with this" }).ClickAsync();
        await visitor.ConvertAsync();
        await visitor.WaitForResultAsync();

        Assert.InRange(await visitor.LayoutShiftAsync(), 0, 0.02);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    [InlineData(null)]
    public async Task Assets_AreHashedCompressedAndKeptForAYear(string? encoding)
    {
        using var client = site.App.CreateClient();
        var page = await client.Http.GetStringAsync(new Uri("/", UriKind.Relative), Cancelled);
        var script = System.Text.RegularExpressions.Regex.Match(page, "/assets/[^\"]+\\.js").Value;
        using var request = new HttpRequestMessage(HttpMethod.Get, script);
        if (encoding is not null)
        {
            request.Headers.Add("Accept-Encoding", encoding);
        }

        using var answer = await client.Http.SendAsync(request, Cancelled);

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
        using var answer = await client.Http.GetAsync(new Uri(path, UriKind.Relative), Cancelled);

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
        using var answer = await client.Http.GetAsync(new Uri(path, UriKind.Relative), Cancelled);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.DoesNotContain("immutable", answer.Headers.CacheControl?.ToString() ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("conversion-manager")]
    [InlineData("job-manager")]
    [InlineData("storage-manager")]
    [InlineData("auth-manager")]
    public async Task Documents_ThatTheAppsTypesComeFrom_AreThoseOfTheServices(string service)
    {
        using var client = site.App.CreateClient();
        var current = await client.Http.GetStringAsync(new Uri($"/openapi/{service}/public.json", UriKind.Relative), Cancelled);
        var kept = await File.ReadAllTextAsync(Path.Combine(Harness.Repository.Root, "services", "WebFrontend", "openapi", $"{service}.json"), Cancelled);

        Assert.True(
            JsonElement.DeepEquals(JsonDocument.Parse(kept).RootElement, JsonDocument.Parse(current).RootElement),
            $"services/WebFrontend/openapi/{service}.json is not what the service says today: run eng/api-documents.sh while the system runs.");
    }
}
