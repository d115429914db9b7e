using System.Text.RegularExpressions;
using ImageEditor.Browser.Tests.Support;

namespace ImageEditor.Browser.Tests;

/// <summary>Accounts: signing up, in and out, from one browser and from two.</summary>
[Collection(nameof(RunningSite))]
public sealed class AccountTests(RunningSite site)
{
    [Fact]
    public async Task SignUp_PasswordStrength_IsShownAsTyped()
    {
        await using var user = await site.NewUserAsync();
        await user.OpenAsync("/sign-up");
        var password = user.Page.GetByLabel("Password", new() { Exact = true });
        var strength = user.Page.Locator(".strength");

        await password.FillAsync("password1");
        await Assertions.Expect(strength).ToContainTextAsync("Very easy to guess");
        await password.FillAsync(BrowserUser.Password);
        await Assertions.Expect(strength).ToContainTextAsync("Very strong");
    }

    [Fact]
    public async Task SignUp_WithAWeakPassword_SaysWhatToChoose()
    {
        await using var user = await site.NewUserAsync();
        user.ExpectConsoleMessage("status of 400");
        await user.OpenAsync("/sign-up");
        await user.Page.GetByLabel("E-mail address").FillAsync("weak@example.org");
        await user.Page.GetByLabel("Password", new() { Exact = true }).FillAsync("password1");
        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Sign up" }).ClickAsync();

        await Assertions.Expect(user.Alert).ToContainTextAsync("harder to guess");
    }

    [Fact]
    public async Task SignUp_WithATakenAddress_SaysSo()
    {
        await using var first = await site.NewUserAsync();
        var email = await first.SignUpAsync();
        await using var second = await site.NewUserAsync();
        second.ExpectConsoleMessage("status of 409");
        await second.OpenAsync("/sign-up");
        await second.Page.GetByLabel("E-mail address").FillAsync(email);
        await second.Page.GetByLabel("Password", new() { Exact = true }).FillAsync(BrowserUser.Password);
        await second.Page.GetByRole(AriaRole.Button, new() { Name = "Sign up" }).ClickAsync();

        await Assertions.Expect(second.Alert).ToContainTextAsync("Sign in with this address, or use another one.");
    }

    /// <summary>One device composes an é, another one does not.</summary>
    [Fact]
    public async Task SignIn_OnADeviceThatTypesAccentsOtherwise_IsTheSameAccount()
    {
        var name = Guid.NewGuid().ToString("N");
        await using var first = await site.NewUserAsync();
        await first.OpenAsync("/sign-up");
        await first.Page.GetByLabel("E-mail address").FillAsync($"zo\u00eb-{name}@b\u00fccher.example");
        await first.Page.GetByLabel("Password", new() { Exact = true }).FillAsync("violet otter caf\u00e9 canoe");
        await first.Page.GetByRole(AriaRole.Button, new() { Name = "Sign up" }).ClickAsync();
        await first.Page.GetByRole(AriaRole.Link, new() { Name = $"Account of zo\u00eb-{name}@b\u00fccher.example" }).WaitForAsync();

        await using var second = await site.NewUserAsync();
        await second.SignInAsync($"zoe\u0308-{name}@xn--bcher-kva.example", "violet otter cafe\u0301 canoe");

        await second.Page.GetByRole(AriaRole.Link, new() { Name = $"Account of zo\u00eb-{name}@b\u00fccher.example" }).WaitForAsync();
    }

    [Fact]
    public async Task SignIn_WithAWrongPassword_SaysSoAndThenWorks()
    {
        await using var first = await site.NewUserAsync();
        var email = await first.SignUpAsync();
        await using var second = await site.NewUserAsync();
        second.ExpectConsoleMessage("status of 401");
        await second.SignInAsync(email, "not the password at all");
        await Assertions.Expect(second.Alert).ToContainTextAsync("Check the address and the password.");

        await second.SignInAsync(email);

        await Assertions.Expect(second.Page.GetByText("No picture yet.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task SignOut_LeavesNothingInTheBrowser()
    {
        await using var user = await site.NewUserAsync();
        await user.SignUpAsync();
        await user.AddFilesAsync(("colours.png", TestPictures.Colours()));
        await user.Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Account of") }).ClickAsync();
        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();

        await Assertions.Expect(user.Page.GetByText("Signed out.")).ToBeVisibleAsync();
        await Assertions.Expect(user.Page.GetByRole(AriaRole.Heading, new() { Name = "Drop pictures here" })).ToBeVisibleAsync();
        Assert.Empty(await user.Context.CookiesAsync());
        await user.OpenAsync("/gallery");
        await Assertions.Expect(user.Page.GetByText("Sign in, and every picture that you convert stays here")).ToBeVisibleAsync();
        await user.OpenAsync();
        await Assertions.Expect(user.Page.GetByRole(AriaRole.Heading, new() { Name = "Drop pictures here" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task ChangePassword_SignsOtherBrowsersOutWhichSaySo()
    {
        await using var first = await site.NewUserAsync();
        var email = await first.SignUpAsync();
        await using var second = await site.NewUserAsync();
        second.ExpectConsoleMessage("status of 401");
        await second.SignInAsync(email);
        await Assertions.Expect(second.Page.GetByText("No picture yet.")).ToBeVisibleAsync();

        await first.Page.GetByRole(AriaRole.Link, new() { Name = $"Account of {email}" }).ClickAsync();
        await first.Page.GetByLabel("Current password").FillAsync(BrowserUser.Password);
        await first.Page.GetByLabel("New password").FillAsync("quiet river umbrella stone 3");
        await first.Page.GetByRole(AriaRole.Button, new() { Name = "Change the password" }).ClickAsync();
        await Assertions.Expect(first.Page.GetByText("The password is changed.")).ToBeVisibleAsync();

        // The other browser's access ends within 10 s; its next look at the gallery finds that out.
        var banner = second.Page.GetByText("You were signed out elsewhere.");
        await Until.TrueAsync(
            "the other browser says that it was signed out",
            TimeSpan.FromSeconds(60),
            async () =>
            {
                await second.Page.ReloadAsync();
                await second.Page.GetByText(new Regex("No picture yet|Sign in, and every picture")).WaitForAsync();
                return await banner.IsVisibleAsync();
            },
            TestContext.Current.CancellationToken);
        await second.CaptureAndCheckAsync("signed-out-elsewhere");

        // The first browser goes on, with the new password.
        await first.Page.GetByRole(AriaRole.Link, new() { Name = "Gallery" }).ClickAsync();
        await Assertions.Expect(first.Page.GetByText("No picture yet.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task SignOut_InOneTab_IsSeenInTheOther()
    {
        await using var user = await site.NewUserAsync();
        await user.SignUpAsync();
        var second = await user.Context.NewPageAsync();
        await second.GotoAsync("/gallery");
        await Assertions.Expect(second.GetByText("No picture yet.")).ToBeVisibleAsync();

        await user.Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Account of") }).ClickAsync();
        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();

        await Assertions.Expect(second.GetByText("You were signed out elsewhere.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task DeleteAccount_AsksForThePasswordAndIsGone()
    {
        await using var user = await site.NewUserAsync();
        user.ExpectConsoleMessage("status of 401");
        var email = await user.SignUpAsync();
        await user.Page.GetByRole(AriaRole.Link, new() { Name = $"Account of {email}" }).ClickAsync();
        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Delete the account…" }).ClickAsync();
        var dialog = user.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Your password").FillAsync("not the password at all");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete for good" }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("The password is wrong");

        await dialog.GetByLabel("Your password").FillAsync(BrowserUser.Password);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete for good" }).ClickAsync();

        await Assertions.Expect(user.Page.GetByText("The account and its pictures are deleted.")).ToBeVisibleAsync();
        await user.SignInAsync(email);
        await Assertions.Expect(user.Alert).ToContainTextAsync("Check the address and the password.");
    }

    [Fact]
    public async Task AccessCookie_ThatIsGone_IsRenewedWithoutAWord()
    {
        await using var user = await site.NewUserAsync();
        user.ExpectConsoleMessage("status of 401");
        await user.SignUpAsync();
        var access = (await user.Context.CookiesAsync()).Single(cookie => cookie.Path == "/");
        await user.Context.ClearCookiesAsync(new() { Name = access.Name });

        await user.OpenAsync("/gallery");

        await Assertions.Expect(user.Page.GetByText("No picture yet.")).ToBeVisibleAsync();
        Assert.Contains(await user.Context.CookiesAsync(), cookie => cookie.Name == access.Name);
    }

    [Fact]
    public async Task AuthManager_Down_ConversionsGoOnAndSigningInSaysSo()
    {
        await using var signedIn = await site.NewUserAsync();
        await signedIn.SignUpAsync();
        await using var user = await site.NewUserAsync();
        user.ExpectConsoleMessage("status of 503");
        var stopped = await site.App.StopAllAsync("auth-manager", TestContext.Current.CancellationToken);
        try
        {
            await user.SignInAsync("somebody@example.org");
            await Assertions.Expect(user.Alert).ToContainTextAsync("This part of the server is away at the moment");
            await user.CaptureAndCheckAsync("auth-manager-down");
            await user.OpenAsync();
            Assert.NotEmpty(await user.ConvertAndDownloadAsync("Grayscale", TestPictures.Colours()));

            // Signed in, conversions go on too, and are kept.
            Assert.NotEmpty(await signedIn.ConvertAndDownloadAsync("Grayscale", TestPictures.Colours()));
            await Assertions.Expect(signedIn.Page.GetByText("Saved in your gallery.")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        }
        finally
        {
            await site.App.StartAllAsync(stopped, CancellationToken.None);
        }
    }
}
