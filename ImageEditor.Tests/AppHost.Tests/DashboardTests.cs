using System.Text.RegularExpressions;
using ImageEditor.AppHost.Tests.Support;
using ImageEditor.Testing.Systems;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ImageEditor.AppHost.Tests;

/// <summary>
/// The dashboard, in a browser, as whoever starts the system sees it. Its pictures are kept in artifacts/screenshots/dashboard.
/// </summary>
[Collection(nameof(WholeSystem))]
public sealed partial class DashboardTests
{
    private const int Limit = 60_000;
    private static readonly string Folder = Path.Combine(Repository.Root, "artifacts", "screenshots", "dashboard");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dashboard_ShowsResourcesATraceMetricsAndConsole()
    {
        using var data = new TemporaryFolder();
        await using var host = AppHostProcess.Start(data.Path);
        await host.HealthyAsync();
        await ConvertAsync(host);
        var login = new Uri(LoginPattern().Match(host.Output).Value);
        Assert.NotEmpty(login.Query);

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = Chromium.Path, Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1600, Height = 1250 } });
        page.SetDefaultTimeout(Limit);

        // Without the token there is nothing to see.
        await page.GotoAsync(new Uri(login, "/structuredlogs").ToString());
        Assert.Contains("/login", page.Url, StringComparison.Ordinal);

        await page.GotoAsync(login.ToString());
        foreach (var resource in (string[])["gateway", "job-store", "postgres", "images", "pixelate", "thumbnail"])
        {
            await Expect(page.GetByText(resource, new() { Exact = true }).First).ToBeVisibleAsync(new() { Timeout = Limit });
        }

        await Expect(page.GetByText("Unhealthy")).ToHaveCountAsync(0, new() { Timeout = Limit });
        await PictureAsync(page, "resources");

        await page.GotoAsync(new Uri(login, "/traces/resource/gateway").ToString());
        var conversion = page.GetByText("gateway: POST /api/conversions").First;
        await Expect(conversion).ToBeVisibleAsync(new() { Timeout = Limit });
        await conversion.ClickAsync();
        foreach (var service in (string[])["conversion-manager", "job-manager", "contrast", "storage-manager"])
        {
            await Expect(page.GetByText(service).First).ToBeVisibleAsync(new() { Timeout = Limit });
        }

        await PictureAsync(page, "trace");

        await page.GotoAsync(new Uri(login, "/metrics/resource/job-manager").ToString());
        await page.GetByTitle("image_editor.jobs.accepted").First.ClickAsync();
        await Expect(page.Locator(".main-svg").First).ToBeVisibleAsync(new() { Timeout = Limit });
        await PictureAsync(page, "metrics");

        await page.GotoAsync(new Uri(login, "/consolelogs/resource/postgres").ToString());
        await Expect(page.GetByText("ready to accept connections").First).ToBeVisibleAsync(new() { Timeout = Limit });
        await PictureAsync(page, "console");
    }

    /// <summary>One signed-in conversion, to its place in the gallery.</summary>
    private static async Task ConvertAsync(AppHostProcess host)
    {
        using var client = new ImageEditorClient(new HttpClient { BaseAddress = host.Page });
        await client.SignUpAsync(Cancel);
        await client.WaitForPictureAsync(
            await client.SubmitAsync("converter=contrast&amount=40", Photos.Read("rocket.jpg"), Cancel), Cancel);
    }

    private static async Task PictureAsync(IPage page, string name)
    {
        // The dashboard's charts and lists fill a moment after they are there.
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}.jpg"), Type = ScreenshotType.Jpeg, Quality = 80 });
    }

    [GeneratedRegex(@"http://\S+/login\?t=\w+")]
    private static partial Regex LoginPattern();
}
