using System.Net;
using System.Text.RegularExpressions;
using ImageEditor.Tests.Browser.Support;
using ImageEditor.Tests.Harness;

namespace ImageEditor.Tests.Browser;

/// <summary>Work that takes its time: it can be watched, left, found again and stopped.</summary>
[Collection(nameof(Site))]
public sealed class LongWorkTests(Site site)
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Running_WithPreviews_ShowsThem()
    {
        await using var visitor = await site.VisitAsync();
        await visitor.OpenAsync();
        await visitor.AddAsync(("colours.png", TestPictures.Colours()));
        await visitor.ConvertSlowlyAsync(TimeSpan.FromSeconds(8), "preview");

        var preview = visitor.Page.GetByAltText("How it looks so far");
        await Assertions.Expect(preview).ToHaveAttributeAsync("src", new Regex("^/api/jobs/.+/preview\\?n="));
        var first = await preview.GetAttributeAsync("src");
        await Assertions.Expect(preview).Not.ToHaveAttributeAsync("src", first!);
        await visitor.WaitForResultAsync();
        await Assertions.Expect(preview).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Failing_SaysWhyAndCanBeTriedAgain()
    {
        await using var visitor = await site.VisitAsync();
        await visitor.OpenAsync();
        await visitor.AddAsync(("colours.png", TestPictures.Colours()));
        await visitor.ConvertSlowlyAsync(TimeSpan.Zero, "unprocessable");

        await Assertions.Expect(visitor.Alert).ToContainTextAsync("This picture is damaged");
        await Assertions.Expect(visitor.Alert).ToContainTextAsync("The slow converter was told to refuse this.");
        await visitor.Page.GetByLabel("Answer", new() { Exact = true }).SelectOptionAsync("image");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await visitor.WaitForResultAsync();
    }

    [Fact]
    public async Task Cancel_WhileItRuns_StopsTheWork()
    {
        await using var visitor = await site.VisitAsync();
        await visitor.OpenAsync();
        await visitor.AddAsync(("colours.png", TestPictures.Colours(number: 1)));
        await visitor.ConvertSlowlyAsync(Long);
        var id = await visitor.JobIdAsync();
        await site.Client.WaitUntilRunningAsync(id, Cancelled);
        await Assertions.Expect(visitor.Page.Locator(".progress-head")).ToContainTextAsync("Converting");

        await visitor.CancelButton.ClickAsync();

        await Assertions.Expect(visitor.ConvertButton).ToBeEnabledAsync();
        Assert.Equal(HttpStatusCode.Gone, (await site.Client.GetJobAsync(id, Cancelled)).Status);
        await Until.TrueAsync("the converter has given up", Soon, async () => (await site.App.FakeConverterCallsAsync()).Abandoned > 0, Cancelled);
    }

    [Fact]
    public async Task Reload_DuringALongJob_FindsItAndItsResult()
    {
        await using var visitor = await site.VisitAsync();
        await visitor.OpenAsync();
        await visitor.AddAsync(("colours.png", TestPictures.Colours(number: 2)));
        await visitor.ConvertSlowlyAsync(TimeSpan.FromSeconds(10));
        await visitor.JobIdAsync();

        await visitor.Page.ReloadAsync();

        await Assertions.Expect(visitor.CancelButton).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.Locator(".fact")).ToContainTextAsync("96 × 64");
        await visitor.WaitForResultAsync();
        var (_, bytes) = await visitor.DownloadAsync();
        using var fingerprint = TestPictures.Read(bytes);
        Assert.Equal((8, 4), (fingerprint.Width, fingerprint.Height));

        // What is done is found again, too.
        await visitor.Page.ReloadAsync();
        await visitor.WaitForResultAsync();
        Assert.Equal(bytes, (await visitor.DownloadAsync()).Bytes);
    }

    [Fact]
    public async Task Close_AndComeBackAfterItIsDone_FindsTheResult()
    {
        await using var visitor = await site.VisitAsync();
        await visitor.OpenAsync();
        await visitor.AddAsync(("colours.png", TestPictures.Colours(number: 3)));
        await visitor.ConvertSlowlyAsync(TimeSpan.FromSeconds(3));
        var id = await visitor.JobIdAsync();
        await visitor.LeaveAsync();
        var answer = await site.Client.WaitForEndAsync(id, Cancelled);

        await visitor.ComeBackAsync();

        await visitor.WaitForResultAsync();
        Assert.Equal(answer.Body, (await visitor.DownloadAsync()).Bytes);
    }

    [Fact]
    public async Task ComeBack_AfterTheResultHasExpired_SaysSo()
    {
        await using var visitor = await site.VisitAsync();
        await visitor.OpenAsync();
        await visitor.AddAsync(("colours.png", TestPictures.Colours(number: 4)));
        await visitor.ConvertSlowlyAsync(TimeSpan.FromSeconds(3));
        var id = await visitor.JobIdAsync();
        await visitor.LeaveAsync();
        await site.Client.WaitForEndAsync(id, Cancelled);
        await site.Client.DeleteAsync(id, Cancelled);

        await visitor.ComeBackAsync();

        await Assertions.Expect(visitor.Alert).ToContainTextAsync("The result is no longer there");
        await Assertions.Expect(visitor.Page.Locator(".fact")).ToContainTextAsync("96 × 64");
    }

    [Fact]
    public async Task SecondTab_HasAWorkspaceOfItsOwn()
    {
        await using var visitor = await site.VisitAsync();
        await visitor.OpenAsync();
        await visitor.AddAsync(("colours.png", TestPictures.Colours()));
        await Assertions.Expect(visitor.Page.Locator(".fact")).ToContainTextAsync("96 × 64");
        var second = await visitor.Context.NewPageAsync();
        await second.GotoAsync("/");

        await Assertions.Expect(second.GetByRole(AriaRole.Heading, new() { Name = "Drop pictures here" })).ToBeVisibleAsync();

        await second.CloseAsync();
    }

    [Fact]
    public async Task Network_CutAndBack_GoesOn()
    {
        await using var visitor = await site.VisitAsync();
        visitor.Expect("net::ERR_INTERNET_DISCONNECTED", "net::ERR_NETWORK_CHANGED");
        await visitor.OpenAsync();
        await visitor.AddAsync(("colours.png", TestPictures.Colours(number: 5)));
        await visitor.ConvertSlowlyAsync(TimeSpan.FromSeconds(6));
        var id = await visitor.JobIdAsync();
        await site.Client.WaitUntilRunningAsync(id, Cancelled);

        await visitor.Context.SetOfflineAsync(true);
        await Assertions.Expect(visitor.Page.GetByText("You are offline.")).ToBeVisibleAsync();
        var answer = await site.Client.WaitForEndAsync(id, Cancelled);
        await Assertions.Expect(visitor.CancelButton).ToBeVisibleAsync();
        await visitor.Context.SetOfflineAsync(false);

        await visitor.WaitForResultAsync();
        await Assertions.Expect(visitor.Page.GetByText("You are offline.")).ToHaveCountAsync(0);
        Assert.Equal(answer.Body, (await visitor.DownloadAsync()).Bytes);
    }

    [Fact]
    public async Task Browser_WithoutANetwork_UsesAServerThatAnswers()
    {
        await using var visitor = await site.VisitAsync();
        await visitor.SignUpAsync();
        await visitor.ConvertedAsync("Grayscale", TestPictures.Colours(number: 6));
        await Assertions.Expect(visitor.Page.GetByText("Saved in your gallery.")).ToBeVisibleAsync(new() { Timeout = 60_000 });

        // As on a train, with the server on the same machine.
        await visitor.Page.RunAndWaitForResponseAsync(
            () => visitor.Page.EvaluateAsync("() => { Object.defineProperty(navigator, 'onLine', { get: () => false }); dispatchEvent(new Event('offline')); }"),
            response => response.Request.Method == "HEAD" && response.Ok);
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Gallery" }).ClickAsync();

        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Grayscale") })).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.GetByText("You are offline.")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Convert_WhileOffline_IsSentOnceTheNetworkIsBack()
    {
        await using var visitor = await site.VisitAsync();
        visitor.Expect("net::ERR_INTERNET_DISCONNECTED", "net::ERR_NETWORK_CHANGED");
        await visitor.OpenAsync();
        await visitor.AddAsync(("colours.png", TestPictures.Colours()));
        await visitor.ChooseAsync("Grayscale");
        await visitor.Context.SetOfflineAsync(true);
        await visitor.ConvertAsync();
        await Assertions.Expect(visitor.Page.Locator(".progress-head")).ToContainTextAsync("You are offline");

        await visitor.Context.SetOfflineAsync(false);

        await visitor.WaitForResultAsync();
    }

    [Fact]
    public async Task Queue_Full_SaysWhenItTriesAgainAndDoes()
    {
        var fillers = new List<string>();
        try
        {
            Answer answer;
            for (var number = 0; (answer = await site.Client.TrySubmitAsync("converter=slow&ms=600000", Pictures.Png(8, 8, number), cancellationToken: Cancelled)).Status == HttpStatusCode.Accepted; number++)
            {
                Assert.True(number < 40, "The queue never got full.");
                fillers.Add(System.Text.Json.JsonDocument.Parse(answer.Body).RootElement.GetProperty("jobId").GetString()!);
            }

            await using var visitor = await site.VisitAsync();
            visitor.Expect("status of 429");
            await visitor.OpenAsync();
            await visitor.AddAsync(("colours.png", TestPictures.Colours()));
            await visitor.ConvertSlowlyAsync(TimeSpan.Zero);
            await Assertions.Expect(visitor.Page.Locator(".progress-head")).ToContainTextAsync("Many pictures are waiting already");
            await Assertions.Expect(visitor.Page.Locator(".progress-foot")).ToContainTextAsync(new Regex("Sent again by itself in \\d+ s"));
            await visitor.LookAsync("queue-full");

            await Task.WhenAll(fillers.Select(id => site.Client.DeleteAsync(id, Cancelled)));

            await visitor.WaitForResultAsync();
        }
        finally
        {
            await Task.WhenAll(fillers.Select(id => site.Client.DeleteAsync(id, CancellationToken.None)));
        }
    }
}
