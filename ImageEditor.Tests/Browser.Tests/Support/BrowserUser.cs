using System.Globalization;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;

namespace ImageEditor.Browser.Tests.Support;

/// <summary>
/// A person with a browser who uses the page. An error or a warning in the browser's console fails the test, unless the test expects it.
/// </summary>
public sealed class BrowserUser : IAsyncDisposable
{
    public const string Password = "correct staple orange lamp 7";

    private static readonly string Screenshots = Path.Combine(Repository.Root, "artifacts", "screenshots");

    private readonly RunningSite _site;
    private readonly IBrowserContext _context;
    private readonly List<string> _consoleMessages = [];
    private readonly List<string> _expected = [];

    private BrowserUser(RunningSite site, IBrowserContext context, IPage page)
    {
        (_site, _context, Page) = (site, context, page);
        Listen(page);
    }

    public IPage Page { get; private set; }

    public IBrowserContext Context => _context;

    public ILocator ConvertButton => Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Convert") });

    public ILocator DownloadLink => Page.GetByRole(AriaRole.Link, new() { Name = "Download" });

    public ILocator CancelButton => Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" });

    public ILocator Alert => Page.GetByRole(AriaRole.Alert);

    internal static async Task<BrowserUser> CreateAsync(RunningSite site, BrowserNewContextOptions options)
    {
        var context = await site.Browser.NewContextAsync(options);
        context.SetDefaultTimeout(60_000);
        await context.AddInitScriptAsync(
            """
            addEventListener('securitypolicyviolation', event =>
                console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
            window.shifts = [];
            window.shiftObserver = new PerformanceObserver(list => window.shifts.push(...list.getEntries()));
            window.shiftObserver.observe({ type: 'layout-shift', buffered: true });
            """);
        return new BrowserUser(site, context, await context.NewPageAsync());
    }

    /// <summary>
    /// Expects console messages that the test causes on purpose, such as the status of a refused request, which browsers log.
    /// </summary>
    public void ExpectConsoleMessage(params string[] messages) => _expected.AddRange(messages);

    public async Task OpenAsync(string path = "/")
    {
        await Page.GotoAsync(path);
        if (path == "/")
        {
            await Page.GetByRole(AriaRole.Radio, new() { Name = "Contrast" }).WaitForAsync(new() { State = WaitForSelectorState.Attached });
        }
    }

    /// <summary>Closes the page; the browser stays.</summary>
    public Task ClosePageAsync() => Page.CloseAsync();

    /// <summary>Opens the page again in the same browser.</summary>
    public async Task ReopenPageAsync()
    {
        Page = await _context.NewPageAsync();
        Listen(Page);
        await OpenAsync();
    }

    /// <summary>Chooses files in the editor.</summary>
    public async Task AddFilesAsync(params (string Name, byte[] Bytes)[] files)
    {
        await Page.GetByTestId("file").First.SetInputFilesAsync(files.Select(file => new FilePayload
        {
            Name = file.Name,
            MimeType = file.Name.EndsWith(".txt", StringComparison.Ordinal)
                ? "text/plain"
                : $"image/{Path.GetExtension(file.Name)[1..].Replace("jpg", "jpeg", StringComparison.Ordinal)}",
            Buffer = file.Bytes,
        }));
    }

    /// <summary>Chooses a converter by its title.</summary>
    public Task ChooseAsync(string title) => Page.Locator("label.card-head").Filter(new() { HasText = title }).First.ClickAsync();

    /// <summary>Sets a number of the chosen converter.</summary>
    public Task SetAsync(string title, double value) =>
        Page.GetByLabel(title, new() { Exact = true }).FillAsync(value.ToString(CultureInfo.InvariantCulture));

    public Task ConvertAsync() => ConvertButton.First.ClickAsync();

    /// <summary>Starts a conversion by the slow converter.</summary>
    public async Task ConvertSlowlyAsync(TimeSpan duration, string? answer = null)
    {
        await ChooseAsync("Takes its time");
        await SetAsync("Ms", duration.TotalMilliseconds);
        if (answer is not null)
        {
            await Page.GetByLabel("Answer", new() { Exact = true }).SelectOptionAsync(answer);
        }

        await ConvertAsync();
    }

    /// <summary>Waits for the result.</summary>
    public Task WaitForResultAsync() => DownloadLink.WaitForAsync();

    /// <summary>Downloads the result that is shown.</summary>
    public async Task<(string Name, byte[] Bytes)> DownloadAsync()
    {
        var download = await Page.RunAndWaitForDownloadAsync(() => DownloadLink.ClickAsync());
        return (download.SuggestedFilename, await File.ReadAllBytesAsync(await download.PathAsync()));
    }

    /// <summary>Opens a picture, converts it and downloads the result.</summary>
    /// <param name="converter">Title or description of the converter.</param>
    /// <param name="picture">A PNG.</param>
    public async Task<byte[]> ConvertAndDownloadAsync(string converter, byte[] picture)
    {
        await AddFilesAsync(("colours.png", picture));
        await ChooseAsync(converter);
        await ConvertAsync();
        await WaitForResultAsync();
        return (await DownloadAsync()).Bytes;
    }

    /// <summary>Creates an account, and is signed in with it.</summary>
    /// <returns>Its address.</returns>
    public async Task<string> SignUpAsync()
    {
        var email = $"visitor-{Guid.NewGuid():N}@example.org";
        await OpenAsync("/sign-up");
        await Page.GetByLabel("E-mail address").FillAsync(email);
        await Page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign up" }).ClickAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = $"Account of {email}" }).WaitForAsync();
        return email;
    }

    /// <summary>Signs in with the form.</summary>
    public async Task SignInAsync(string email, string password = Password)
    {
        await OpenAsync("/sign-in");
        await Page.GetByLabel("E-mail address").FillAsync(email);
        await Page.GetByLabel("Password", new() { Exact = true }).FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    /// <summary>The id of the running job that this browser has saved; waits until there is one.</summary>
    public async Task<string> JobIdAsync() => await (await Page.WaitForFunctionAsync(
        """
        () => Object.keys(localStorage).filter(key => key.startsWith('image-editor:workspace:'))
            .flatMap(key => JSON.parse(localStorage[key]).pictures).map(picture => picture.run?.jobId).find(id => id)
        """)).JsonValueAsync<string>();

    /// <summary>How much the layout has shifted by itself since the page was opened.</summary>
    public Task<double> LayoutShiftAsync() => Page.EvaluateAsync<double>(
        """
        () => [...window.shifts, ...window.shiftObserver.takeRecords()]
            .filter(shift => !shift.hadRecentInput)
            .reduce((sum, shift) => sum + shift.value, 0)
        """);

    /// <summary>Takes a screenshot named after the state, and checks the page's accessibility with axe.</summary>
    public async Task CaptureAndCheckAsync(string state)
    {
        var width = Page.ViewportSize!.Width;
        var isDark = await Page.EvaluateAsync<bool>("() => matchMedia('(prefers-color-scheme: dark)').matches");
        Directory.CreateDirectory(Screenshots);
        await Page.EvaluateAsync(
            """
            () => Promise.all([...document.images]
                .filter(image => image.loading !== 'lazy')
                .map(image => image.decode().catch(() => undefined)))
            """);
        await Page.ScreenshotAsync(new()
        {
            Path = Path.Combine(Screenshots, $"{state}-{width}-{(isDark ? "dark" : "light")}.png"),
            Animations = ScreenshotAnimations.Disabled,
        });
        var found = await Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        var violations =
            from violation in found.Violations
            let nodes =
                from node in violation.Nodes
                select $"{node.Html} {string.Join("; ", node.Any.Concat(node.All).Select(check => check.Message))}"
            select $"{violation.Id}: {violation.Help}\n  {string.Join("\n  ", nodes)}";
        Assert.True(found.Violations.Length == 0, $"{state}: " + string.Join("\n", violations));
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        var unexpected = _consoleMessages
            .Where(message => !_expected.Exists(expected => message.Contains(expected, StringComparison.Ordinal)))
            .ToList();
        Assert.True(unexpected.Count == 0, "The console has unexpected messages: " + string.Join("\n", unexpected));
    }

    private void Listen(IPage page)
    {
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _consoleMessages.Add($"{message.Text} ({message.Location})");
            }
        };
        page.PageError += (_, error) => _consoleMessages.Add(error);
    }
}
