using System.Text.RegularExpressions;
using ImageEditor.Tests.Browser.Support;

namespace ImageEditor.Tests.Browser;

/// <summary>Accounts: signing up, in and out, from one browser and from two.</summary>
[Collection(nameof(Site))]
public sealed class AccountTests(Site site)
{
    [Fact]
    public async Task SignUp_PasswordStrength_IsShownAsTyped()
    {
        await using var visitor = await site.VisitAsync();
        await visitor.OpenAsync("/sign-up");
        var password = visitor.Page.GetByLabel("Password", new() { Exact = true });
        var strength = visitor.Page.Locator(".strength");

        await password.FillAsync("password1");
        await Assertions.Expect(strength).ToContainTextAsync("Very easy to guess");
        await password.FillAsync(Visitor.Password);
        await Assertions.Expect(strength).ToContainTextAsync("Very strong");
    }

    [Fact]
    public async Task SignUp_WithAWeakPassword_SaysWhatToChoose()
    {
        await using var visitor = await site.VisitAsync();
        visitor.Expect("status of 400");
        await visitor.OpenAsync("/sign-up");
        await visitor.Page.GetByLabel("E-mail address").FillAsync("weak@example.org");
        await visitor.Page.GetByLabel("Password", new() { Exact = true }).FillAsync("password1");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign up" }).ClickAsync();

        await Assertions.Expect(visitor.Alert).ToContainTextAsync("harder to guess");
    }

    [Fact]
    public async Task SignUp_WithATakenAddress_SaysSo()
    {
        await using var first = await site.VisitAsync();
        var email = await first.SignUpAsync();
        await using var second = await site.VisitAsync();
        second.Expect("status of 409");
        await second.OpenAsync("/sign-up");
        await second.Page.GetByLabel("E-mail address").FillAsync(email);
        await second.Page.GetByLabel("Password", new() { Exact = true }).FillAsync(Visitor.Password);
        await second.Page.GetByRole(AriaRole.Button, new() { Name = "Sign up" }).ClickAsync();

        await Assertions.Expect(second.Alert).ToContainTextAsync("Sign in with this address, or use another one.");
    }

    [Fact]
    public async Task SignIn_WithAWrongPassword_SaysSoAndThenWorks()
    {
        await using var first = await site.VisitAsync();
        var email = await first.SignUpAsync();
        await using var second = await site.VisitAsync();
        second.Expect("status of 401");
        await second.SignInAsync(email, "not the password at all");
        await Assertions.Expect(second.Alert).ToContainTextAsync("Check the address and the password.");

        await second.SignInAsync(email);

        await Assertions.Expect(second.Page.GetByText("No picture yet.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task SignOut_LeavesNothingInTheBrowser()
    {
        await using var visitor = await site.VisitAsync();
        await visitor.SignUpAsync();
        await visitor.AddAsync(("colours.png", TestPictures.Colours()));
        await visitor.Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Account of") }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();

        await Assertions.Expect(visitor.Page.GetByText("Signed out.")).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Drop pictures here" })).ToBeVisibleAsync();
        Assert.Empty(await visitor.Context.CookiesAsync());
        await visitor.OpenAsync("/gallery");
        await Assertions.Expect(visitor.Page.GetByText("Sign in, and every picture that you convert stays here")).ToBeVisibleAsync();
        await visitor.OpenAsync();
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Drop pictures here" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task ChangePassword_SignsOtherBrowsersOutWhichSaySo()
    {
        await using var first = await site.VisitAsync();
        var email = await first.SignUpAsync();
        await using var second = await site.VisitAsync();
        second.Expect("status of 401");
        await second.SignInAsync(email);
        await Assertions.Expect(second.Page.GetByText("No picture yet.")).ToBeVisibleAsync();

        await first.Page.GetByRole(AriaRole.Link, new() { Name = $"Account of {email}" }).ClickAsync();
        await first.Page.GetByLabel("Current password").FillAsync(Visitor.Password);
        await first.Page.GetByLabel("New password").FillAsync("quiet river umbrella stone 3");
        await first.Page.GetByRole(AriaRole.Button, new() { Name = "Change the password" }).ClickAsync();
        await Assertions.Expect(first.Page.GetByText("The password is changed.")).ToBeVisibleAsync();

        // The other browser's access ends within 10 s; its next look at the gallery finds that out.
        var banner = second.Page.GetByText("You were signed out elsewhere.");
        await Harness.Until.TrueAsync(
            "the other browser is told",
            TimeSpan.FromSeconds(60),
            async () =>
            {
                await second.Page.ReloadAsync();
                await second.Page.GetByText(new Regex("No picture yet|Sign in, and every picture")).WaitForAsync();
                return await banner.IsVisibleAsync();
            },
            TestContext.Current.CancellationToken);
        await second.LookAsync("signed-out-elsewhere");

        // The first browser goes on, with the new password.
        await first.Page.GetByRole(AriaRole.Link, new() { Name = "Gallery" }).ClickAsync();
        await Assertions.Expect(first.Page.GetByText("No picture yet.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task SignOut_InOneTab_IsSeenInTheOther()
    {
        await using var visitor = await site.VisitAsync();
        await visitor.SignUpAsync();
        var second = await visitor.Context.NewPageAsync();
        await second.GotoAsync("/gallery");
        await Assertions.Expect(second.GetByText("No picture yet.")).ToBeVisibleAsync();

        await visitor.Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Account of") }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();

        await Assertions.Expect(second.GetByText("You were signed out elsewhere.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task DeleteAccount_AsksForThePasswordAndIsGone()
    {
        await using var visitor = await site.VisitAsync();
        visitor.Expect("status of 401");
        var email = await visitor.SignUpAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = $"Account of {email}" }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Delete the account…" }).ClickAsync();
        var dialog = visitor.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Your password").FillAsync("not the password at all");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete for good" }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("The password is wrong");

        await dialog.GetByLabel("Your password").FillAsync(Visitor.Password);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete for good" }).ClickAsync();

        await Assertions.Expect(visitor.Page.GetByText("The account and its pictures are deleted.")).ToBeVisibleAsync();
        await visitor.SignInAsync(email);
        await Assertions.Expect(visitor.Alert).ToContainTextAsync("Check the address and the password.");
    }

    [Fact]
    public async Task AccessCookie_ThatIsGone_IsRenewedWithoutAWord()
    {
        await using var visitor = await site.VisitAsync();
        visitor.Expect("status of 401");
        await visitor.SignUpAsync();
        var access = (await visitor.Context.CookiesAsync()).Single(cookie => cookie.Path == "/");
        await visitor.Context.ClearCookiesAsync(new() { Name = access.Name });

        await visitor.OpenAsync("/gallery");

        await Assertions.Expect(visitor.Page.GetByText("No picture yet.")).ToBeVisibleAsync();
        Assert.Contains(await visitor.Context.CookiesAsync(), cookie => cookie.Name == access.Name);
    }

    [Fact]
    public async Task AuthManager_Down_ConversionsGoOnAndSigningInSaysSo()
    {
        await using var signedIn = await site.VisitAsync();
        await signedIn.SignUpAsync();
        await using var visitor = await site.VisitAsync();
        visitor.Expect("status of 503");
        var stopped = await site.App.StopAllAsync("auth-manager", TestContext.Current.CancellationToken);
        try
        {
            await visitor.SignInAsync("somebody@example.org");
            await Assertions.Expect(visitor.Alert).ToContainTextAsync("This part of the server is away at the moment");
            await visitor.LookAsync("auth-manager-down");
            await visitor.OpenAsync();
            Assert.NotEmpty(await visitor.ConvertedAsync("Grayscale", TestPictures.Colours()));

            // Signed in, conversions go on too, and are kept.
            Assert.NotEmpty(await signedIn.ConvertedAsync("Grayscale", TestPictures.Colours()));
            await Assertions.Expect(signedIn.Page.GetByText("Saved in your gallery.")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        }
        finally
        {
            await site.App.StartAllAsync(stopped, CancellationToken.None);
        }
    }
}
