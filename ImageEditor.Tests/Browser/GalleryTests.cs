using System.IO.Compression;
using System.Text.RegularExpressions;
using ImageEditor.Tests.Browser.Support;

namespace ImageEditor.Tests.Browser;

/// <summary>The gallery: what was converted is found again, compared, deleted, brought back, taken away.</summary>
[Collection(nameof(Site))]
public sealed class GalleryTests(Site site)
{
    [Fact]
    public async Task SignUpToSignOut_EverythingOnTheWay()
    {
        await using var visitor = await site.VisitAsync();
        await visitor.SignUpAsync();
        var result = await visitor.ConvertedAsync("Grayscale", TestPictures.Colours());
        await SavedAsync(visitor);

        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Gallery" }).ClickAsync();
        await Tile(visitor, "Grayscale").ClickAsync();
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Grayscale" })).ToBeVisibleAsync();

        // Compared, and downloaded: the very bytes.
        var divider = visitor.Page.GetByRole(AriaRole.Slider, new() { Name = "Divider" });
        await divider.FocusAsync();
        await visitor.Page.Keyboard.PressAsync("End");
        await Assertions.Expect(divider).ToHaveAttributeAsync("aria-valuetext", "Original 100 %, Grayscale 0 %");
        var download = await visitor.Page.RunAndWaitForDownloadAsync(() => visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Download", Exact = true }).ClickAsync());
        Assert.Equal(result, await File.ReadAllBytesAsync(await download.PathAsync(), TestContext.Current.CancellationToken));

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Assertions.Expect(visitor.Page.GetByText("The picture is deleted.")).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.GetByText("No picture yet.")).ToBeVisibleAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(Tile(visitor, "Grayscale")).ToBeVisibleAsync();

        await visitor.Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Account of") }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task EditThisOne_OpensTheResultInTheEditor()
    {
        await using var visitor = await site.VisitAsync();
        await visitor.SignUpAsync();
        var original = TestPictures.Colours();
        await visitor.ConvertedAsync("Flip horizontally", original);
        await SavedAsync(visitor);
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Gallery" }).ClickAsync();
        await Tile(visitor, "Flip horizontally").ClickAsync();

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Edit this one" }).ClickAsync();

        await visitor.Page.GetByText("This one", new() { Exact = true }).ClickAsync();
        await visitor.ConvertAsync();
        await Assertions.Expect(visitor.DownloadLink).ToHaveAttributeAsync("download", new Regex("^Flip horizontally-flip-horizontal"));
        var (_, twice) = await visitor.DownloadAsync();
        using var before = TestPictures.Read(original);
        using var after = TestPictures.Read(twice);
        Assert.Equal(before.At(7, 9), after.At(7, 9));
    }

    [Fact]
    public async Task Gallery_FilterSelectDownloadDelete()
    {
        await using var visitor = await site.VisitAsync();
        await visitor.SignUpAsync();
        await visitor.AddAsync([.. Enumerable.Range(0, 3).Select(number => ($"picture{number}.png", TestPictures.Colours(number: number)))]);
        foreach (var converter in new[] { "Grayscale", "Flip horizontally" })
        {
            await visitor.ChooseAsync(converter);
            await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Convert 3 pictures" }).ClickAsync();
            await Assertions.Expect(visitor.Page.Locator(".badge.done")).ToHaveCountAsync(3);
            await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = converter })).ToHaveCountAsync(1);
            await SavedAsync(visitor);
        }

        var tiles = visitor.Page.Locator(".tile");
        await Harness.Until.TrueAsync(
            "all six are in the gallery",
            TimeSpan.FromSeconds(90),
            async () =>
            {
                await visitor.OpenAsync("/gallery");
                await tiles.First.WaitForAsync();
                return await tiles.CountAsync() == 6;
            },
            TestContext.Current.CancellationToken);

        await visitor.Page.GetByLabel("Show").SelectOptionAsync("flip-horizontal");
        await Assertions.Expect(tiles).ToHaveCountAsync(3);
        await visitor.Page.GetByLabel("Show").SelectOptionAsync("");
        await Assertions.Expect(tiles).ToHaveCountAsync(6);

        await visitor.Page.GetByRole(AriaRole.Checkbox).Nth(0).CheckAsync();
        await visitor.Page.GetByRole(AriaRole.Checkbox).Nth(2).CheckAsync();
        var bar = visitor.Page.GetByRole(AriaRole.Region, new() { Name = "Selected pictures" });
        var download = await visitor.Page.RunAndWaitForDownloadAsync(() => bar.GetByRole(AriaRole.Button, new() { Name = "Download" }).ClickAsync());
        Assert.Equal("pictures.zip", download.SuggestedFilename);
        Assert.Equal(2, await EntriesAsync(download));

        await bar.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Assertions.Expect(tiles).ToHaveCountAsync(4);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(tiles).ToHaveCountAsync(6);

        // Originals and results.
        var all = await visitor.Page.RunAndWaitForDownloadAsync(() => visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Download all" }).ClickAsync());
        Assert.Equal(12, await EntriesAsync(all));
    }

    [Fact]
    public async Task Gallery_OfManyPictures_LoadsAsOneScrolls()
    {
        const int pictures = 56;
        await using var visitor = await site.VisitAsync(height: 700);
        visitor.Expect("status of 429");
        await visitor.SignUpAsync();
        await visitor.Page.EvaluateAsync(
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
        await Harness.Until.TrueAsync(
            "all are saved",
            TimeSpan.FromMinutes(3),
            () => visitor.Page.EvaluateAsync<bool>("async count => (await (await fetch('/api/gallery?limit=200')).json()).items.length === count", pictures),
            TestContext.Current.CancellationToken);
        await visitor.OpenAsync("/gallery");
        var tiles = visitor.Page.Locator(".tile a");
        await Assertions.Expect(tiles.First).ToBeVisibleAsync();

        // One page of the list, and no more of it asked for.
        await visitor.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await Assertions.Expect(tiles).ToHaveCountAsync(50);

        await tiles.Last.ScrollIntoViewIfNeededAsync();

        await Assertions.Expect(tiles).ToHaveCountAsync(pictures);
        Assert.InRange(await visitor.LayoutShiftAsync(), 0, 0.02);
    }

    [Fact]
    public async Task Picture_OfSomebodyElse_IsNotThere()
    {
        await using var owner = await site.VisitAsync();
        await owner.SignUpAsync();
        await owner.ConvertedAsync("Grayscale", TestPictures.Colours());
        await SavedAsync(owner);
        await owner.Page.GetByRole(AriaRole.Link, new() { Name = "Gallery" }).ClickAsync();
        await Tile(owner, "Grayscale").ClickAsync();
        await owner.Page.WaitForURLAsync(new Regex("/gallery/.+"));
        await using var other = await site.VisitAsync();
        other.Expect("status of 404");
        await other.SignUpAsync();

        await other.OpenAsync(new Uri(owner.Page.Url).AbsolutePath);

        await Assertions.Expect(other.Alert).ToContainTextAsync("This picture is not in your gallery");
    }

    private static ILocator Tile(Visitor visitor, string converter) => visitor.Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex($"^{converter} ") });

    private static Task SavedAsync(Visitor visitor) =>
        Assertions.Expect(visitor.Page.GetByText("Saved in your gallery.")).ToBeVisibleAsync(new() { Timeout = 60_000 });

    private static async Task<int> EntriesAsync(IDownload download)
    {
        await using var archive = await ZipFile.OpenReadAsync(await download.PathAsync());
        return archive.Entries.Count(entry => entry.Length > 0 && !entry.FullName.EndsWith(".txt", StringComparison.Ordinal) && !entry.FullName.EndsWith(".json", StringComparison.Ordinal));
    }
}
