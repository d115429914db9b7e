using ImageEditor.Testing.Systems;

namespace ImageEditor.Browser.Tests.Support;

/// <summary>
/// The running system and a browser, shared by all tests here. They run one after the other, and each leaves the system as it was.
/// </summary>
public sealed class RunningSite : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public ImageEditorApp App { get; private set; } = null!;

    /// <summary>A client of the Gateway, for what a test prepares or checks beside the page.</summary>
    public ImageEditorClient Client { get; private set; } = null!;

    /// <summary>Where the page is: over https, as its cookies want it.</summary>
    public Uri Address => App.AddressOf("gateway", "https");

    /// <summary>Chromium itself.</summary>
    public IBrowser Browser => _browser!;

    public async ValueTask InitializeAsync()
    {
        App = await ImageEditorApp.StartAsync(allConverters: true, settings: new Dictionary<string, string>
        {
            // All tests come from one address, so its limits are high; the queue is short enough to be filled, and half of it is enough for
            // the pictures of one person, who gets no more.
            ["gateway/Limits__SubmissionsPerSecond"] = "100000",
            ["gateway/Limits__RequestsPerSecond"] = "100000",
            ["gateway/Limits__CredentialsPerMinute"] = "100000",
            ["job-manager/Jobs__MaxQueued"] = "12",
        });
        Client = App.CreateClient();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium.Path,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
            ],
        });
    }

    /// <summary>A person with a new browser: without cookies and saved work.</summary>
    public Task<BrowserUser> NewUserAsync(
        int width = 1280, int height = 860, ColorScheme scheme = ColorScheme.Light, bool isPhone = false) =>
        BrowserUser.CreateAsync(this, new BrowserNewContextOptions
        {
            BaseURL = Address.ToString(),
            IgnoreHTTPSErrors = true,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            HasTouch = isPhone,
            IsMobile = isPhone,
            Locale = "en-GB",
        });

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        Client?.Dispose();
        if (App is not null)
        {
            await App.DisposeAsync();
        }
    }
}

/// <summary>All tests here share one system.</summary>
[CollectionDefinition(nameof(RunningSite))]
public sealed class SharedRunningSite : ICollectionFixture<RunningSite>;
