using System.Text.RegularExpressions;
using ImageEditor.Tests.Browser.Support;
using ImageEditor.Tests.Harness;

namespace ImageEditor.Tests.Browser;

/// <summary>Every page and state, on a phone, a tablet and a wide screen, light and dark: axe finds nothing, and a picture of it is kept to be looked at.</summary>
[Collection(nameof(Site))]
public sealed class StatesTests(Site site)
{
    private static readonly string[] Photos = ["rocket.jpg", "chelsea.png", "coffee.png", "tmshre_riaphotographs_alpha.png"];

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
    public async Task Editor_InEachState_BarsNobody(int width, int height, ColorScheme scheme)
    {
        await using var visitor = await site.VisitAsync(width, height, scheme, isPhone: width < 500);
        var page = visitor.Page;
        await visitor.OpenAsync();
        await visitor.LookAsync("editor-empty");

        await visitor.AddAsync(("rocket.jpg", Pictures.Photo("rocket.jpg")));
        await Assertions.Expect(page.Locator(".fact")).ToContainTextAsync("640 × 427");
        await visitor.LookAsync("editor-picture");

        await visitor.ChooseAsync("Contrast");
        await visitor.ConvertAsync();
        await visitor.WaitForResultAsync();
        await visitor.LookAsync("editor-result");
        await page.GetByRole(AriaRole.Button, new() { Name = "Side by side" }).ClickAsync();
        await visitor.LookAsync("editor-side-by-side");

        await page.GetByRole(AriaRole.Button, new() { Name = "Continue with this" }).ClickAsync();
        await visitor.ConvertSlowlyAsync(TimeSpan.FromMinutes(5), "preview");
        await page.GetByAltText("How it looks so far").WaitForAsync();
        await visitor.LookAsync("editor-running");
        await visitor.CancelButton.ClickAsync();
        await page.GetByLabel("Answer", new() { Exact = true }).SelectOptionAsync("unprocessable");
        await visitor.SetAsync("Ms", 0);
        await visitor.ConvertAsync();
        await visitor.Alert.WaitForAsync();
        await visitor.LookAsync("editor-failed");

        await visitor.AddAsync(
            ("chelsea.png", Pictures.Photo("chelsea.png")), ("coffee.png", Pictures.Photo("coffee.png")), ("tulips.png", Pictures.Photo("tmshre_riaphotographs_alpha.png")));
        await Assertions.Expect(page.Locator(".fact")).ToContainTextAsync("500 × 500");
        await visitor.LookAsync("editor-several");
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Editor_WithoutItsServer_BarsNobody(int width, int height, ColorScheme scheme)
    {
        await using var visitor = await site.VisitAsync(width, height, scheme, isPhone: width < 500);
        visitor.Expect("net::ERR_", "status of 503");
        var released = new TaskCompletionSource();
        await visitor.Page.RouteAsync("**/api/converters", async route =>
        {
            await released.Task;
            await route.AbortAsync();
        });
        await visitor.Page.GotoAsync("/");
        await visitor.Page.GetByLabel("Loading converters").WaitForAsync();
        await visitor.LookAsync("editor-loading");
        released.SetResult();
        await visitor.Alert.WaitForAsync();
        await visitor.LookAsync("editor-no-server");
        await visitor.Context.SetOfflineAsync(true);
        await visitor.Page.GetByText("You are offline.").First.WaitForAsync();
        await visitor.LookAsync("editor-offline");
        await visitor.Context.SetOfflineAsync(false);
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Account_InEachState_BarsNobody(int width, int height, ColorScheme scheme)
    {
        await using var visitor = await site.VisitAsync(width, height, scheme, isPhone: width < 500);
        visitor.Expect("status of 401", "status of 404");
        var page = visitor.Page;
        await visitor.SignInAsync("nobody@example.org");
        await visitor.Alert.WaitForAsync();
        await visitor.LookAsync("sign-in-wrong");
        await visitor.OpenAsync("/sign-up");
        await page.GetByLabel("E-mail address").FillAsync("somebody@example.org");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync("horse2");
        await Assertions.Expect(page.Locator(".strength")).ToHaveAttributeAsync("data-score", new Regex("\\d"));
        await visitor.LookAsync("sign-up-weak");
        await visitor.OpenAsync("/gallery");
        await page.GetByText("Sign in, and every picture").WaitForAsync();
        await visitor.LookAsync("gallery-nobody");

        await visitor.SignUpAsync();
        await visitor.OpenAsync("/gallery");
        await page.GetByText("No picture yet.").WaitForAsync();
        await visitor.LookAsync("gallery-empty");
        await visitor.OpenAsync("/account");
        await page.GetByText("Since").WaitForAsync();
        await visitor.LookAsync("account");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete the account…" }).ClickAsync();
        await visitor.LookAsync("account-delete");
        await page.GotoAsync("/gallery/00000000-0000-0000-0000-000000000000");
        await visitor.Alert.WaitForAsync();
        await visitor.LookAsync("picture-gone");
        await visitor.OpenAsync("/nowhere");
        await page.GetByRole(AriaRole.Heading, new() { Name = "There is no such page" }).WaitForAsync();
        await visitor.LookAsync("no-such-page");
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Gallery_InEachState_BarsNobody(int width, int height, ColorScheme scheme)
    {
        await using var visitor = await site.VisitAsync(width, height, scheme, isPhone: width < 500);
        var page = visitor.Page;
        await visitor.SignUpAsync();
        await visitor.AddAsync([.. Photos.Select(name => (name, Pictures.Photo(name)))]);
        await visitor.ChooseAsync("Contrast");
        await visitor.ConvertAsync();
        await Assertions.Expect(page.Locator(".badge.done")).ToHaveCountAsync(4);
        await Until.TrueAsync(
            "all four are in the gallery",
            TimeSpan.FromSeconds(90),
            () => page.EvaluateAsync<bool>("async () => (await (await fetch('/api/gallery')).json()).items.length === 4"),
            TestContext.Current.CancellationToken);
        await page.GetByText("Saved in your gallery.").WaitForAsync();
        await visitor.LookAsync("editor-signed-in");

        await visitor.OpenAsync("/gallery");
        await Assertions.Expect(page.Locator(".tile img")).ToHaveCountAsync(4);
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('.tile img')].every(image => image.complete)");
        await visitor.LookAsync("gallery");
        await page.GetByRole(AriaRole.Checkbox).First.CheckAsync();
        await visitor.LookAsync("gallery-selected");
        await page.Locator(".tile a").Nth(1).ClickAsync();
        await page.GetByRole(AriaRole.Slider).WaitForAsync();
        await visitor.LookAsync("picture");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await page.GetByText("The picture is deleted.").WaitForAsync();
        await visitor.LookAsync("picture-deleted");
        Assert.InRange(await visitor.LayoutShiftAsync(), 0, 0.02);
    }

    [Fact]
    public async Task Phone_WholeFlow_Works()
    {
        await using var visitor = await site.VisitAsync(390, 844, isPhone: true);
        await visitor.OpenAsync();
        var original = TestPictures.Colours();
        var bytes = await visitor.ConvertedAsync("Flip horizontally", original);
        using var before = TestPictures.Read(original);
        using var after = TestPictures.Read(bytes);
        Assert.Equal(before.At(1, 2), after.At(before.Width - 2, 2));

        // Nothing is wider than the screen.
        Assert.True(await visitor.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
        var slider = visitor.Page.GetByRole(AriaRole.Slider, new() { Name = "Divider" });
        var box = (await slider.BoundingBoxAsync())!;
        await visitor.Page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + (box.Height / 2));
        await visitor.Page.Mouse.DownAsync();
        await visitor.Page.Mouse.MoveAsync(box.X + (box.Width / 2) + 97, box.Y + (box.Height / 2));
        await visitor.Page.Mouse.UpAsync();
        await Assertions.Expect(slider).ToHaveAttributeAsync("aria-valuenow", "75");
    }
}
