using System.IO.Compression;
using System.Text.RegularExpressions;
using ImageEditor.Browser.Tests.Support;

namespace ImageEditor.Browser.Tests;

/// <summary>Pictures in the gallery are found again, compared, deleted, restored and downloaded.</summary>
[Collection(nameof(RunningSite))]
public sealed class GalleryPageTests(RunningSite site)
{
    [Fact]
    public async Task SignUpToSignOut_EverythingOnTheWay()
    {
        await using var user = await site.NewUserAsync();
        await user.SignUpAsync();
        var result = await user.ConvertAndDownloadAsync("Grayscale", TestPictures.Colours());
        await SavedAsync(user);

        await user.Page.GetByRole(AriaRole.Link, new() { Name = "Gallery" }).ClickAsync();
        await Tile(user, "Grayscale").ClickAsync();
        await Assertions.Expect(user.Page.GetByRole(AriaRole.Heading, new() { Name = "Grayscale" })).ToBeVisibleAsync();

        // Compared, and downloaded: the very bytes.
        var divider = user.Page.GetByRole(AriaRole.Slider, new() { Name = "Divider" });
        await divider.FocusAsync();
        await user.Page.Keyboard.PressAsync("End");
        await Assertions.Expect(divider).ToHaveAttributeAsync("aria-valuetext", "Original 100 %, Grayscale 0 %");
        var download = await user.Page.RunAndWaitForDownloadAsync(
            () => user.Page.GetByRole(AriaRole.Link, new() { Name = "Download", Exact = true }).ClickAsync());
        Assert.Equal(result, await File.ReadAllBytesAsync(await download.PathAsync(), TestContext.Current.CancellationToken));

        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Assertions.Expect(user.Page.GetByText("The picture is deleted.")).ToBeVisibleAsync();
        await Assertions.Expect(user.Page.GetByText("No picture yet.")).ToBeVisibleAsync();
        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(Tile(user, "Grayscale")).ToBeVisibleAsync();

        await user.Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Account of") }).ClickAsync();
        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(user.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task EditThisOne_OpensTheResultInTheEditor()
    {
        await using var user = await site.NewUserAsync();
        await user.SignUpAsync();
        var original = TestPictures.Colours();
        await user.ConvertAndDownloadAsync("Flip horizontally", original);
        await SavedAsync(user);
        await user.Page.GetByRole(AriaRole.Link, new() { Name = "Gallery" }).ClickAsync();
        await Tile(user, "Flip horizontally").ClickAsync();

        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Edit this one" }).ClickAsync();

        await user.Page.GetByText("This one", new() { Exact = true }).ClickAsync();
        await user.ConvertAsync();
        await Assertions.Expect(user.DownloadLink).ToHaveAttributeAsync("download", new Regex("^Flip horizontally-flip-horizontal"));
        var (_, twice) = await user.DownloadAsync();
        using var before = TestPictures.Read(original);
        using var after = TestPictures.Read(twice);
        Assert.Equal(before.At(7, 9), after.At(7, 9));
    }

    [Fact]
    public async Task Gallery_FilterSelectDownloadDelete()
    {
        await using var user = await site.NewUserAsync();
        await user.SignUpAsync();
        await user.AddFilesAsync(
            [.. Enumerable.Range(0, 3).Select(number => ($"picture{number}.png", TestPictures.Colours(number: number)))]);
        foreach (var converter in new[] { "Grayscale", "Flip horizontally" })
        {
            await user.ChooseAsync(converter);
            await user.Page.GetByRole(AriaRole.Button, new() { Name = "Convert 3 pictures" }).ClickAsync();
            await Assertions.Expect(user.Page.Locator(".badge.done")).ToHaveCountAsync(3);
            await Assertions.Expect(user.Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = converter })).ToHaveCountAsync(1);
            await SavedAsync(user);
        }

        var tiles = user.Page.Locator(".tile");
        await Until.TrueAsync(
            "all six are in the gallery",
            TimeSpan.FromSeconds(90),
            async () =>
            {
                await user.OpenAsync("/gallery");
                await tiles.First.WaitForAsync();
                return await tiles.CountAsync() == 6;
            },
            TestContext.Current.CancellationToken);

        await user.Page.GetByLabel("Show").SelectOptionAsync("flip-horizontal");
        await Assertions.Expect(tiles).ToHaveCountAsync(3);
        await user.Page.GetByLabel("Show").SelectOptionAsync("");
        await Assertions.Expect(tiles).ToHaveCountAsync(6);

        await user.Page.GetByRole(AriaRole.Checkbox).Nth(0).CheckAsync();
        await user.Page.GetByRole(AriaRole.Checkbox).Nth(2).CheckAsync();
        var bar = user.Page.GetByRole(AriaRole.Region, new() { Name = "Selected pictures" });
        var download = await user.Page.RunAndWaitForDownloadAsync(
            () => bar.GetByRole(AriaRole.Button, new() { Name = "Download" }).ClickAsync());
        Assert.Equal("pictures.zip", download.SuggestedFilename);
        Assert.Equal(2, await EntriesAsync(download));

        await bar.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Assertions.Expect(tiles).ToHaveCountAsync(4);
        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(tiles).ToHaveCountAsync(6);

        // Originals and results.
        var all = await user.Page.RunAndWaitForDownloadAsync(
            () => user.Page.GetByRole(AriaRole.Link, new() { Name = "Download all" }).ClickAsync());
        Assert.Equal(12, await EntriesAsync(all));
    }

    [Fact]
    public async Task Gallery_OfManyPictures_LoadsAsOneScrolls()
    {
        const int pictures = 56;
        await using var user = await site.NewUserAsync(height: 700);
        user.ExpectConsoleMessage("status of 429");
        await user.SignUpAsync();
        await user.Page.EvaluateAsync(
            """
            async count => {
                const canvas = Object.assign(document.createElement('canvas'), { width: 16, height: 16 });
                const picture = await new Promise(resolve => canvas.toBlob(resolve, 'image/png'));
                for (let sent = 0; sent < count;) {
                    const { status } = await fetch('/api/conversions?converter=grayscale', { method: 'POST', body: picture });
                    if (status === 202) sent++;
                    else if (status === 429) await new Promise(resolve => setTimeout(resolve, 200));
                    else throw new Error(status);
                }
            }
            """,
            pictures);
        await Until.TrueAsync(
            "all are saved",
            TimeSpan.FromMinutes(3),
            () => user.Page.EvaluateAsync<bool>(
                "async count => (await (await fetch('/api/gallery?limit=200')).json()).items.length === count", pictures),
            TestContext.Current.CancellationToken);
        await user.OpenAsync("/gallery");
        var tiles = user.Page.Locator(".tile a");
        await Assertions.Expect(tiles.First).ToBeVisibleAsync();

        // One page of the list, and no more of it asked for.
        await user.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await Assertions.Expect(tiles).ToHaveCountAsync(50);

        await tiles.Last.ScrollIntoViewIfNeededAsync();

        await Assertions.Expect(tiles).ToHaveCountAsync(pictures);
        Assert.InRange(await user.LayoutShiftAsync(), 0, 0.02);
    }

    [Fact]
    public async Task Picture_OfSomebodyElse_IsNotThere()
    {
        await using var owner = await site.NewUserAsync();
        await owner.SignUpAsync();
        await owner.ConvertAndDownloadAsync("Grayscale", TestPictures.Colours());
        await SavedAsync(owner);
        await owner.Page.GetByRole(AriaRole.Link, new() { Name = "Gallery" }).ClickAsync();
        await Tile(owner, "Grayscale").ClickAsync();
        await owner.Page.WaitForURLAsync(new Regex("/gallery/.+"));
        await using var other = await site.NewUserAsync();
        other.ExpectConsoleMessage("status of 404");
        await other.SignUpAsync();

        await other.OpenAsync(new Uri(owner.Page.Url).AbsolutePath);

        await Assertions.Expect(other.Alert).ToContainTextAsync("This picture is not in your gallery");
    }

    private static ILocator Tile(BrowserUser user, string converter) =>
        user.Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex($"^{converter} ") });

    private static Task SavedAsync(BrowserUser user) =>
        Assertions.Expect(user.Page.GetByText("Saved in your gallery.")).ToBeVisibleAsync(new() { Timeout = 60_000 });

    private static async Task<int> EntriesAsync(IDownload download)
    {
        await using var archive = await ZipFile.OpenReadAsync(await download.PathAsync());
        return archive.Entries.Count(entry =>
            entry.Length > 0
            && !entry.FullName.EndsWith(".txt", StringComparison.Ordinal)
            && !entry.FullName.EndsWith(".json", StringComparison.Ordinal));
    }
}
