using System.Text.RegularExpressions;
using ImageEditor.Browser.Tests.Support;

namespace ImageEditor.Browser.Tests;

/// <summary>
/// Every page and state, on a phone, a tablet and a wide screen, light and dark: axe finds no violation, and a screenshot of each is left.
/// </summary>
[Collection(nameof(RunningSite))]
public sealed class AccessibilityTests(RunningSite site)
{
    private static readonly string[] PhotoNames = ["rocket.jpg", "chelsea.png", "coffee.png", "tmshre_riaphotographs_alpha.png"];

    public static TheoryData<int, int, ColorScheme> Screens => new()
    {
        { 390, 844, ColorScheme.Light },
        { 390, 844, ColorScheme.Dark },
        { 1024, 768, ColorScheme.Light },
        { 1024, 768, ColorScheme.Dark },
        { 1680, 950, ColorScheme.Light },
        { 1680, 950, ColorScheme.Dark },
    };

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Editor_InEachState_HasNoAxeViolations(int width, int height, ColorScheme scheme)
    {
        await using var user = await site.NewUserAsync(width, height, scheme, isPhone: width < 500);
        var page = user.Page;
        await user.OpenAsync();
        await user.CaptureAndCheckAsync("editor-empty");

        await user.AddFilesAsync(("rocket.jpg", Photos.Read("rocket.jpg")));
        await Assertions.Expect(page.Locator(".fact")).ToContainTextAsync("640 × 427");
        await user.CaptureAndCheckAsync("editor-picture");

        await user.ChooseAsync("Contrast");
        await user.ConvertAsync();
        await user.WaitForResultAsync();
        await user.CaptureAndCheckAsync("editor-result");
        await page.GetByRole(AriaRole.Button, new() { Name = "Side by side" }).ClickAsync();
        await user.CaptureAndCheckAsync("editor-side-by-side");

        await page.GetByRole(AriaRole.Button, new() { Name = "Continue with this" }).ClickAsync();
        await user.ConvertSlowlyAsync(TimeSpan.FromMinutes(5), "preview");
        await page.GetByAltText("How it looks so far").WaitForAsync();
        await user.CaptureAndCheckAsync("editor-running");
        await user.CancelButton.ClickAsync();
        await page.GetByLabel("Answer", new() { Exact = true }).SelectOptionAsync("unprocessable");
        await user.SetAsync("Ms", 0);
        await user.ConvertAsync();
        await user.Alert.WaitForAsync();
        await user.CaptureAndCheckAsync("editor-failed");

        await user.AddFilesAsync(
            ("chelsea.png", Photos.Read("chelsea.png")),
            ("coffee.png", Photos.Read("coffee.png")),
            ("tulips.png", Photos.Read("tmshre_riaphotographs_alpha.png")));
        await Assertions.Expect(page.Locator(".fact")).ToContainTextAsync("500 × 500");
        await user.CaptureAndCheckAsync("editor-several");
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Editor_WithoutItsServer_HasNoAxeViolations(int width, int height, ColorScheme scheme)
    {
        await using var user = await site.NewUserAsync(width, height, scheme, isPhone: width < 500);
        user.ExpectConsoleMessage("net::ERR_", "status of 503");
        var released = new TaskCompletionSource();
        await user.Page.RouteAsync("**/api/converters", async route =>
        {
            await released.Task;
            await route.AbortAsync();
        });
        await user.Page.GotoAsync("/");
        await user.Page.GetByLabel("Loading converters").WaitForAsync();
        await user.CaptureAndCheckAsync("editor-loading");
        released.SetResult();
        await user.Alert.WaitForAsync();
        await user.CaptureAndCheckAsync("editor-no-server");
        await user.Context.SetOfflineAsync(true);
        await user.Page.GetByText("You are offline.").First.WaitForAsync();
        await user.CaptureAndCheckAsync("editor-offline");
        await user.Context.SetOfflineAsync(false);
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Account_InEachState_HasNoAxeViolations(int width, int height, ColorScheme scheme)
    {
        await using var user = await site.NewUserAsync(width, height, scheme, isPhone: width < 500);
        user.ExpectConsoleMessage("status of 401", "status of 404");
        var page = user.Page;
        await user.SignInAsync("nobody@example.org");
        await user.Alert.WaitForAsync();
        await user.CaptureAndCheckAsync("sign-in-wrong");
        await user.OpenAsync("/sign-up");
        await page.GetByLabel("E-mail address").FillAsync("somebody@example.org");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync("horse2");
        await Assertions.Expect(page.Locator(".strength")).ToHaveAttributeAsync("data-score", new Regex("\\d"));
        await user.CaptureAndCheckAsync("sign-up-weak");
        await user.OpenAsync("/gallery");
        await page.GetByText("Sign in, and every picture").WaitForAsync();
        await user.CaptureAndCheckAsync("gallery-nobody");

        await user.SignUpAsync();
        await user.OpenAsync("/gallery");
        await page.GetByText("No picture yet.").WaitForAsync();
        await user.CaptureAndCheckAsync("gallery-empty");
        await user.OpenAsync("/account");
        await page.GetByText("Since").WaitForAsync();
        await user.CaptureAndCheckAsync("account");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete the account…" }).ClickAsync();
        await user.CaptureAndCheckAsync("account-delete");
        await page.GotoAsync("/gallery/00000000-0000-0000-0000-000000000000");
        await user.Alert.WaitForAsync();
        await user.CaptureAndCheckAsync("picture-gone");
        await user.OpenAsync("/nowhere");
        await page.GetByRole(AriaRole.Heading, new() { Name = "There is no such page" }).WaitForAsync();
        await user.CaptureAndCheckAsync("no-such-page");
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Gallery_InEachState_HasNoAxeViolations(int width, int height, ColorScheme scheme)
    {
        await using var user = await site.NewUserAsync(width, height, scheme, isPhone: width < 500);
        var page = user.Page;
        await user.SignUpAsync();
        await user.AddFilesAsync([.. PhotoNames.Select(name => (name, Photos.Read(name)))]);
        await user.ChooseAsync("Contrast");
        await user.ConvertAsync();
        await Assertions.Expect(page.Locator(".badge.done")).ToHaveCountAsync(4);
        await Until.TrueAsync(
            "all four are in the gallery",
            TimeSpan.FromSeconds(90),
            () => page.EvaluateAsync<bool>("async () => (await (await fetch('/api/gallery')).json()).items.length === 4"),
            TestContext.Current.CancellationToken);
        await page.GetByText("Saved in your gallery.").WaitForAsync();
        await user.CaptureAndCheckAsync("editor-signed-in");

        await user.OpenAsync("/gallery");
        await Assertions.Expect(page.Locator(".tile img")).ToHaveCountAsync(4);
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('.tile img')].every(image => image.complete)");
        await user.CaptureAndCheckAsync("gallery");
        await page.GetByRole(AriaRole.Checkbox).First.CheckAsync();
        await user.CaptureAndCheckAsync("gallery-selected");
        await page.Locator(".tile a").Nth(1).ClickAsync();
        await page.GetByRole(AriaRole.Slider).WaitForAsync();
        await user.CaptureAndCheckAsync("picture");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await page.GetByText("The picture is deleted.").WaitForAsync();
        await user.CaptureAndCheckAsync("picture-deleted");
        Assert.InRange(await user.LayoutShiftAsync(), 0, 0.02);
    }

    [Fact]
    public async Task Phone_WholeFlow_Works()
    {
        await using var user = await site.NewUserAsync(390, 844, isPhone: true);
        await user.OpenAsync();
        var original = TestPictures.Colours();
        var bytes = await user.ConvertAndDownloadAsync("Flip horizontally", original);
        using var before = TestPictures.Read(original);
        using var after = TestPictures.Read(bytes);
        Assert.Equal(before.At(1, 2), after.At(before.Width - 2, 2));

        // Nothing is wider than the screen.
        Assert.True(await user.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
        var slider = user.Page.GetByRole(AriaRole.Slider, new() { Name = "Divider" });
        var box = (await slider.BoundingBoxAsync())!;
        await user.Page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + (box.Height / 2));
        await user.Page.Mouse.DownAsync();
        await user.Page.Mouse.MoveAsync(box.X + (box.Width / 2) + 97, box.Y + (box.Height / 2));
        await user.Page.Mouse.UpAsync();
        await Assertions.Expect(slider).ToHaveAttributeAsync("aria-valuenow", "75");
    }
}
