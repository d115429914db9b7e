using System.Net;
using System.Text.RegularExpressions;
using ImageEditor.Browser.Tests.Support;
using ImageEditor.Testing.Systems;

namespace ImageEditor.Browser.Tests;

/// <summary>A job that takes long can be watched, left, found again and cancelled.</summary>
[Collection(nameof(RunningSite))]
public sealed class LongRunningJobTests(RunningSite site)
{
    private static readonly TimeSpan LongDuration = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>The server keeps a result for 100 s.</summary>
    private static readonly TimeSpan Expiry = TimeSpan.FromMinutes(5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Running_WithPreviews_ShowsThem()
    {
        await using var user = await site.NewUserAsync();
        await user.OpenAsync();
        await user.AddFilesAsync(("colours.png", TestPictures.Colours()));
        await user.ConvertSlowlyAsync(TimeSpan.FromSeconds(8), "preview");

        var preview = user.Page.GetByAltText("How it looks so far");
        await Assertions.Expect(preview).ToHaveAttributeAsync("src", new Regex("^/api/jobs/.+/preview\\?n="));
        var first = await preview.GetAttributeAsync("src");
        await Assertions.Expect(preview).Not.ToHaveAttributeAsync("src", first!);
        await user.WaitForResultAsync();
        await Assertions.Expect(preview).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Failing_SaysWhyAndCanBeTriedAgain()
    {
        await using var user = await site.NewUserAsync();
        await user.OpenAsync();
        await user.AddFilesAsync(("colours.png", TestPictures.Colours()));
        await user.ConvertSlowlyAsync(TimeSpan.Zero, "unprocessable");

        await Assertions.Expect(user.Alert).ToContainTextAsync("This picture cannot be read");
        await Assertions.Expect(user.Alert).ToContainTextAsync("The slow converter was told to refuse this.");
        await user.Page.GetByLabel("Answer", new() { Exact = true }).SelectOptionAsync("image");
        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await user.WaitForResultAsync();
    }

    [Fact]
    public async Task Cancel_WhileItRuns_StopsTheWork()
    {
        await using var user = await site.NewUserAsync();
        await user.OpenAsync();
        await user.AddFilesAsync(("colours.png", TestPictures.Colours(number: 1)));
        await user.ConvertSlowlyAsync(LongDuration);
        var id = await user.JobIdAsync();
        await site.Client.WaitUntilRunningAsync(id, Cancellation);
        await Assertions.Expect(user.Page.Locator(".progress-head")).ToContainTextAsync("Converting");

        await user.CancelButton.ClickAsync();

        await Assertions.Expect(user.ConvertButton).ToBeEnabledAsync();
        Assert.Equal(HttpStatusCode.Gone, (await site.Client.GetJobAsync(id, Cancellation)).Status);
        await Until.TrueAsync(
            "the converter has given up", Timeout, async () => (await site.App.FakeConverterCallsAsync()).Abandoned > 0, Cancellation);
    }

    [Fact]
    public async Task Reload_DuringALongJob_FindsItAndItsResult()
    {
        await using var user = await site.NewUserAsync();
        await user.OpenAsync();
        await user.AddFilesAsync(("colours.png", TestPictures.Colours(number: 2)));
        await user.ConvertSlowlyAsync(TimeSpan.FromSeconds(10));
        await user.JobIdAsync();

        await user.Page.ReloadAsync();

        await Assertions.Expect(user.CancelButton).ToBeVisibleAsync();
        await Assertions.Expect(user.Page.Locator(".fact")).ToContainTextAsync("96 × 64");
        await user.WaitForResultAsync();
        var (_, bytes) = await user.DownloadAsync();
        using var fingerprint = TestPictures.Read(bytes);
        Assert.Equal((8, 4), (fingerprint.Width, fingerprint.Height));

        // What is done is found again, too.
        await user.Page.ReloadAsync();
        await user.WaitForResultAsync();
        Assert.Equal(bytes, (await user.DownloadAsync()).Bytes);
    }

    [Fact]
    public async Task Close_AndComeBackAfterItIsDone_FindsTheResult()
    {
        await using var user = await site.NewUserAsync();
        await user.OpenAsync();
        await user.AddFilesAsync(("colours.png", TestPictures.Colours(number: 3)));
        await user.ConvertSlowlyAsync(TimeSpan.FromSeconds(3));
        var id = await user.JobIdAsync();
        await user.ClosePageAsync();
        var answer = await site.Client.WaitForEndAsync(id, Cancellation);

        await user.ReopenPageAsync();

        await user.WaitForResultAsync();
        Assert.Equal(answer.Body, (await user.DownloadAsync()).Bytes);
    }

    /// <summary>The page asks for it again, once; a result that somebody has deleted stays away.</summary>
    [Fact]
    public async Task ComeBack_AfterTheResultWasDeleted_SaysSo()
    {
        await using var user = await site.NewUserAsync();
        await user.OpenAsync();
        await user.AddFilesAsync(("colours.png", TestPictures.Colours(number: 4)));
        await user.ConvertSlowlyAsync(TimeSpan.FromSeconds(3));
        var id = await user.JobIdAsync();
        await user.ClosePageAsync();
        await site.Client.WaitForEndAsync(id, Cancellation);
        await site.Client.DeleteAsync(id, Cancellation);

        await user.ReopenPageAsync();

        await Assertions.Expect(user.Alert).ToContainTextAsync("The result is no longer there");
        await Assertions.Expect(user.Page.Locator(".fact")).ToContainTextAsync("96 × 64");
    }

    /// <summary>A browser that was away for longer than the server keeps results.</summary>
    [Fact]
    public async Task Network_BackAfterTheResultHasExpired_ConvertsAgain()
    {
        await using var user = await site.NewUserAsync();
        user.ExpectConsoleMessage("net::ERR_INTERNET_DISCONNECTED", "net::ERR_NETWORK_CHANGED", "status of 404");
        await user.OpenAsync();
        await user.AddFilesAsync(("colours.png", TestPictures.Colours(number: 7)));
        await user.ConvertSlowlyAsync(TimeSpan.FromSeconds(4));
        var id = await user.JobIdAsync();
        await user.Context.SetOfflineAsync(true);
        await Assertions.Expect(user.Page.GetByText("You are offline.")).ToBeVisibleAsync();

        // Fetching it would keep it, and the number of event streams is limited.
        await using (var store = await site.App.ConnectToStoreAsync(Cancellation))
        {
            await Until.TrueAsync(
                "the result has expired", Expiry, async () => !await store.GetDatabase().KeyExistsAsync("ie:{p0}:job:" + id), Cancellation);
        }

        await user.Context.SetOfflineAsync(false);

        await user.WaitForResultAsync();
        using var fingerprint = TestPictures.Read((await user.DownloadAsync()).Bytes);
        Assert.Equal((8, 4), (fingerprint.Width, fingerprint.Height));
    }

    [Fact]
    public async Task ComeBack_AfterDays_FindsPictureAndResult()
    {
        await using var user = await site.NewUserAsync();
        await user.OpenAsync();
        var bytes = await user.ConvertAndDownloadAsync("Grayscale", TestPictures.Colours(number: 8));
        await user.ClosePageAsync();
        var other = await user.Context.NewPageAsync();
        await other.GotoAsync("/favicon.svg");
        await other.EvaluateAsync(
            """
            () => Object.keys(localStorage).filter(key => key.startsWith('image-editor:workspace:')).forEach(key =>
                localStorage.setItem(key, JSON.stringify({ ...JSON.parse(localStorage[key]), savedAt: Date.now() - 3 * 24 * 3600 * 1000 })))
            """);
        await other.CloseAsync();

        await user.ReopenPageAsync();

        await user.WaitForResultAsync();
        Assert.Equal(bytes, (await user.DownloadAsync()).Bytes);
    }

    [Fact]
    public async Task Reload_WhileAnUploadWaits_SendsItsStylePictureToo()
    {
        var (picture, style) = (TestPictures.Colours(48, 32), TestPictures.Colours(40, 40, number: 3));
        await using var user = await site.NewUserAsync();
        user.ExpectConsoleMessage("net::ERR_FAILED");
        await user.Page.RouteAsync("**/api/conversions?**", route => route.AbortAsync());
        await user.OpenAsync();
        await user.AddFilesAsync(("colours.png", picture));
        await user.ChooseAsync("Style transfer");
        await user.SetAsync("Steps", 5);
        await user.Page.GetByLabel("Style picture").SetInputFilesAsync(
            new FilePayload { Name = "style.png", MimeType = "image/png", Buffer = style });
        await user.ConvertAsync();
        await Assertions.Expect(user.Page.Locator(".progress-head")).ToContainTextAsync("The server does not answer");

        await user.Page.UnrouteAllAsync();
        await user.Page.ReloadAsync();

        await user.WaitForResultAsync();
        var shown = (await user.DownloadAsync()).Bytes;
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(picture), "image" },
            { new ByteArrayContent(style), "stylePicture" },
        };
        using var response = await site.Client.Http.PostAsync(
            new Uri("/api/conversions?converter=style-transfer&steps=5", UriKind.Relative), form, Cancellation);
        var accepted = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation)).RootElement;
        var expected = await site.Client.WaitForEndAsync(accepted.GetProperty("jobId").GetString()!, Cancellation);
        Assert.Equal(expected.Body, shown);
    }

    [Fact]
    public async Task SecondTab_HasAWorkspaceOfItsOwn()
    {
        await using var user = await site.NewUserAsync();
        await user.OpenAsync();
        await user.AddFilesAsync(("colours.png", TestPictures.Colours()));
        await Assertions.Expect(user.Page.Locator(".fact")).ToContainTextAsync("96 × 64");
        var second = await user.Context.NewPageAsync();
        await second.GotoAsync("/");

        await Assertions.Expect(second.GetByRole(AriaRole.Heading, new() { Name = "Drop pictures here" })).ToBeVisibleAsync();

        await second.CloseAsync();
    }

    [Fact]
    public async Task Network_CutAndBack_GoesOn()
    {
        await using var user = await site.NewUserAsync();
        user.ExpectConsoleMessage("net::ERR_INTERNET_DISCONNECTED", "net::ERR_NETWORK_CHANGED");
        await user.OpenAsync();
        await user.AddFilesAsync(("colours.png", TestPictures.Colours(number: 5)));
        await user.ConvertSlowlyAsync(TimeSpan.FromSeconds(6));
        var id = await user.JobIdAsync();
        await site.Client.WaitUntilRunningAsync(id, Cancellation);

        await user.Context.SetOfflineAsync(true);
        await Assertions.Expect(user.Page.GetByText("You are offline.")).ToBeVisibleAsync();
        var answer = await site.Client.WaitForEndAsync(id, Cancellation);
        await Assertions.Expect(user.CancelButton).ToBeVisibleAsync();
        await user.Context.SetOfflineAsync(false);

        await user.WaitForResultAsync();
        await Assertions.Expect(user.Page.GetByText("You are offline.")).ToHaveCountAsync(0);
        Assert.Equal(answer.Body, (await user.DownloadAsync()).Bytes);
    }

    [Fact]
    public async Task Browser_WithoutANetwork_UsesAServerThatAnswers()
    {
        await using var user = await site.NewUserAsync();
        await user.SignUpAsync();
        await user.ConvertAndDownloadAsync("Grayscale", TestPictures.Colours(number: 6));
        await Assertions.Expect(user.Page.GetByText("Saved in your gallery.")).ToBeVisibleAsync(new() { Timeout = 60_000 });

        // As on a train, with the server on the same machine.
        await user.Page.RunAndWaitForResponseAsync(
            () => user.Page.EvaluateAsync(
                "() => { Object.defineProperty(navigator, 'onLine', { get: () => false }); dispatchEvent(new Event('offline')); }"),
            response => response.Request.Method == "HEAD" && response.Ok);
        await user.Page.GetByRole(AriaRole.Link, new() { Name = "Gallery" }).ClickAsync();

        await Assertions.Expect(user.Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Grayscale") })).ToBeVisibleAsync();
        await Assertions.Expect(user.Page.GetByText("You are offline.")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Convert_WhileOffline_IsSentOnceTheNetworkIsBack()
    {
        await using var user = await site.NewUserAsync();
        user.ExpectConsoleMessage("net::ERR_INTERNET_DISCONNECTED", "net::ERR_NETWORK_CHANGED");
        await user.OpenAsync();
        await user.AddFilesAsync(("colours.png", TestPictures.Colours()));
        await user.ChooseAsync("Grayscale");
        await user.Context.SetOfflineAsync(true);
        await user.ConvertAsync();
        await Assertions.Expect(user.Page.Locator(".progress-head")).ToContainTextAsync("You are offline");

        await user.Context.SetOfflineAsync(false);

        await user.WaitForResultAsync();
    }

    [Fact]
    public async Task Queue_Full_SaysWhenItTriesAgainAndDoes()
    {
        var fillers = new List<string>();
        try
        {
            // Parties leave room for one another: the queue is full when the next one finds none.
            for (var (filled, parties) = (-1, 0); filled < fillers.Count; parties++)
            {
                Assert.True(parties < 20, "The queue never got full.");
                filled = fillers.Count;
                using var party = site.App.CreateClient();
                await party.SignUpAsync(Cancellation);
                Answer answer;
                while ((answer = await FillAsync(party, fillers.Count)).Status == HttpStatusCode.Accepted)
                {
                    fillers.Add(System.Text.Json.JsonDocument.Parse(answer.Body).RootElement.GetProperty("jobId").GetString()!);
                }
            }

            await using var user = await site.NewUserAsync();
            user.ExpectConsoleMessage("status of 429");
            await user.OpenAsync();
            await user.AddFilesAsync(("colours.png", TestPictures.Colours()));
            await user.ConvertSlowlyAsync(TimeSpan.Zero);
            await Assertions.Expect(user.Page.Locator(".progress-head")).ToContainTextAsync("Many pictures are waiting already");
            await Assertions.Expect(user.Page.Locator(".progress-foot")).ToContainTextAsync(new Regex("Sent again by itself in \\d+ s"));
            await user.CaptureAndCheckAsync("queue-full");

            await Task.WhenAll(fillers.Select(id => site.Client.DeleteAsync(id, Cancellation)));

            await user.WaitForResultAsync();
        }
        finally
        {
            await Task.WhenAll(fillers.Select(id => site.Client.DeleteAsync(id, CancellationToken.None)));
        }

        Task<Answer> FillAsync(ImageEditorClient party, int number) =>
            party.TrySubmitAsync("converter=slow&ms=600000", Pictures.Png(8, 8, number), cancellationToken: Cancellation);
    }
}
