using ImageEditor.Browser.Tests.Support;

namespace ImageEditor.Browser.Tests;

/// <summary>The whole page is used without a pointer.</summary>
[Collection(nameof(RunningSite))]
public sealed class KeyboardTests(RunningSite site)
{
    private const int MaxTabs = 60;

    [Fact]
    public async Task WholeFlow_ByKeyboardOnly()
    {
        await using var user = await site.NewUserAsync();
        await user.OpenAsync();
        var page = user.Page;
        var original = TestPictures.Colours();

        // Listening from before the key is pressed by several calls: the browser is told of a listener beside them, not in turn with them.
        var opened = new TaskCompletionSource<IFileChooser>(TaskCreationOptions.RunContinuationsAsynchronously);
        page.FileChooser += (_, chooser) => opened.TrySetResult(chooser);
        await TabToAsync(page, "Choose pictures");
        await page.Keyboard.PressAsync("Enter");
        var chooser = await opened.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await chooser.SetFilesAsync(new FilePayload { Name = "colours.png", MimeType = "image/png", Buffer = original });
        await Assertions.Expect(page.Locator(".fact")).ToContainTextAsync("96 × 64");

        // Cards are radio buttons: one stop, and arrows within.
        await TabToAsync(page, (await page.Locator(".card.chosen .card-title").TextContentAsync())!.Trim());
        await ArrowToAsync(page, "Contrast");
        await TabToAsync(page, "Amount, slider");
        await page.Keyboard.PressAsync("End");
        await Assertions.Expect(page.GetByLabel("Amount", new() { Exact = true })).ToHaveValueAsync("100");
        await page.Keyboard.PressAsync("Shift+Tab");
        await TabToAsync(page, "Contrast", backwards: true);
        await ArrowToAsync(page, "Flip horizontally");

        await TabToAsync(page, "Convert");
        await page.Keyboard.PressAsync("Enter");
        await user.WaitForResultAsync();

        // The keyboard keeps its place: where "Convert" was, "Convert again" has the focus.
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Convert again" })).ToBeFocusedAsync();
        await TabToAsync(page, "Divider", backwards: true);
        var divider = page.GetByRole(AriaRole.Slider, new() { Name = "Divider" });
        await page.Keyboard.PressAsync("ArrowLeft");
        await Assertions.Expect(divider).ToHaveAttributeAsync("aria-valuenow", "48");
        await TabToAsync(page, "Zoom in");
        await page.Keyboard.PressAsync("Enter");
        await TabToAsync(page, "Download");
        var download = await page.RunAndWaitForDownloadAsync(() => page.Keyboard.PressAsync("Enter"));
        using var before = TestPictures.Read(original);
        using var after = TestPictures.Read(
            await File.ReadAllBytesAsync(await download.PathAsync(), TestContext.Current.CancellationToken));
        Assert.Equal(before.At(3, 4), after.At(before.Width - 4, 4));
        await page.Keyboard.PressAsync("Control+z");
        await Assertions.Expect(user.DownloadLink).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task SkipLink_LeadsPastTheHeader()
    {
        await using var user = await site.NewUserAsync();
        await user.OpenAsync();
        await user.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(user.Page.GetByRole(AriaRole.Link, new() { Name = "Skip to the content" })).ToBeFocusedAsync();
        await user.Page.Keyboard.PressAsync("Enter");

        await TabToAsync(user.Page, "Choose pictures", maxTabs: 2);
    }

    [Fact]
    public async Task Dialog_KeepsTheFocusAndGivesItBack()
    {
        await using var user = await site.NewUserAsync();
        await user.SignUpAsync();
        await user.OpenAsync("/account");
        var delete = user.Page.GetByRole(AriaRole.Button, new() { Name = "Delete the account…" });
        await delete.WaitForAsync();
        await TabToAsync(user.Page, "Delete the account…");
        await user.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(user.Page.GetByLabel("Your password")).ToBeFocusedAsync();
        await user.Page.Keyboard.PressAsync("Escape");

        await Assertions.Expect(user.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Assertions.Expect(delete).ToBeFocusedAsync();
    }

    /// <summary>Presses the arrow down until the card with this name is chosen.</summary>
    private static async Task ArrowToAsync(IPage page, string name)
    {
        var radio = page.GetByRole(AriaRole.Radio, new() { Name = name });
        for (var arrows = 0; arrows < MaxTabs && !await radio.IsCheckedAsync(); arrows++)
        {
            await page.Keyboard.PressAsync("ArrowDown");
        }

        await Assertions.Expect(radio).ToBeCheckedAsync();
    }

    /// <summary>Presses Tab until what has this name has the focus; and everything on the way shows that it has it.</summary>
    private static async Task TabToAsync(IPage page, string name, bool backwards = false, int maxTabs = MaxTabs)
    {
        for (var tabs = 0; tabs <= maxTabs; tabs++)
        {
            var focused = await page.EvaluateAsync<string>(
                """
                () => {
                    const element = document.activeElement;
                    if (!element || element === document.body) return '';
                    const label = element.getAttribute('aria-label')
                        ?? element.labels?.[0]?.querySelector('.card-title')?.textContent
                        ?? element.labels?.[0]?.textContent
                        ?? element.textContent;
                    return label.trim();
                }
                """);
            if (focused == name)
            {
                return;
            }

            await page.Keyboard.PressAsync(backwards ? "Shift+Tab" : "Tab");
        }

        Assert.Fail($"'{name}' is not reached within {maxTabs} tabs.");
    }
}
