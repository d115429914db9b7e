using System.Text.Json;
using ImageEditor.Browser.Tests.Support;

namespace ImageEditor.Browser.Tests;

/// <summary>From a picture to its result, without an account.</summary>
[Collection(nameof(RunningSite))]
public sealed class ConversionTests(RunningSite site)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Convert_WithContrast_DownloadsWhatTheFormulaSays()
    {
        await using var user = await site.NewUserAsync();
        await user.OpenAsync();
        var original = TestPictures.Colours();
        await user.AddFilesAsync(("colours.png", original));
        await user.ChooseAsync("Contrast");
        await user.SetAsync("Amount", 40);
        await user.ConvertAsync();
        await user.WaitForResultAsync();

        var (name, bytes) = await user.DownloadAsync();

        Assert.Equal("colours-contrast.png", name);
        const double c = 2.55 * 40;
        const double f = 259 * (c + 255) / (255 * (259 - c));
        AssertPixels(original, bytes, (before, _) => [.. before.Select(v => Math.Clamp((f * (v - 128)) + 128, 0, 255))]);
    }

    [Fact]
    public async Task Convert_WithGrayscale_DownloadsTheLuminance()
    {
        await using var user = await site.NewUserAsync();
        await user.OpenAsync();
        var original = TestPictures.Colours();

        var bytes = await user.ConvertAndDownloadAsync("Grayscale", original);

        AssertPixels(original, bytes, (before, after) => [.. after.Select(_ => Luminance(before))]);
    }

    [Fact]
    public async Task Convert_WithFlip_DownloadsTheMirrorImage()
    {
        await using var user = await site.NewUserAsync();
        await user.OpenAsync();
        var original = TestPictures.Colours();

        var bytes = await user.ConvertAndDownloadAsync("Flip horizontally", original);

        using var before = TestPictures.Read(original);
        using var after = TestPictures.Read(bytes);
        for (var x = 0; x < before.Width; x++)
        {
            Assert.Equal(before.At(x, x % before.Height), after.At(before.Width - 1 - x, x % before.Height));
        }
    }

    /// <summary>
    /// Whatever converters there are: each is offered, takes its defaults and gives a picture that is not the one it got.
    /// </summary>
    [Fact]
    public async Task Convert_WithEachConverter_DownloadsAnotherPicture()
    {
        var converters = JsonDocument.Parse(
            await site.Client.Http.GetStringAsync(new Uri("/api/converters", UriKind.Relative), Cancellation)).RootElement;
        Assert.True(converters.GetArrayLength() >= 4);
        foreach (var converter in converters.EnumerateArray())
        {
            await using var user = await site.NewUserAsync();
            await user.OpenAsync();
            var original = TestPictures.Colours();

            await user.AddFilesAsync(("colours.png", original));
            await user.ChooseAsync(converter.GetProperty("description").GetString()!);
            var parameters = converter.GetProperty("parameters").GetProperty("properties");
            if (parameters.TryGetProperty("force", out _))
            {
                // This picture shows nobody.
                await user.Page.GetByRole(AriaRole.Switch).CheckAsync();
            }

            if (parameters.TryGetProperty("text", out _))
            {
                // There is no text that would be right for everybody.
                await user.Page.GetByRole(AriaRole.Textbox, new() { Name = "Text", Exact = true }).FillAsync("Hello");
            }

            await user.ConvertAsync();
            await user.WaitForResultAsync();
            var (_, bytes) = await user.DownloadAsync();

            using var before = TestPictures.Read(original);
            using var after = TestPictures.Read(bytes);
            Assert.NotEqual(original, bytes);
            var size = await user.Page.Locator(".fact").Last.InnerTextAsync();
            Assert.Contains($"{after.Width} × {after.Height}", size, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Convert_IntoAnotherFormat_DownloadsIt()
    {
        await using var user = await site.NewUserAsync();
        await user.OpenAsync();
        await user.AddFilesAsync(("colours.png", TestPictures.Colours()));
        await user.ChooseAsync("Grayscale");
        await user.Page.GetByText("WebP", new() { Exact = true }).ClickAsync();
        await user.ConvertAsync();
        await user.WaitForResultAsync();

        var (name, bytes) = await user.DownloadAsync();

        Assert.Equal("colours-grayscale.webp", name);
        Assert.Equal("RIFF"u8.ToArray(), bytes[..4]);
        await Assertions.Expect(user.Page.Locator(".fact").Last).ToContainTextAsync("WebP");
    }

    [Fact]
    public async Task Continue_ThenUndo_GoesOnFromTheResultAndBack()
    {
        await using var user = await site.NewUserAsync();
        await user.OpenAsync();
        var original = TestPictures.Colours();
        _ = await user.ConvertAndDownloadAsync("Flip horizontally", original);
        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Continue with this" }).ClickAsync();
        await user.ConvertAsync();
        await user.WaitForResultAsync();

        // Mirrored twice: the original again.
        var (_, twice) = await user.DownloadAsync();
        AssertPixels(original, twice, (before, _) => before);

        var steps = user.Page.GetByRole(AriaRole.List, new() { Name = "Steps so far" }).GetByRole(AriaRole.Listitem);
        await Assertions.Expect(steps).ToHaveCountAsync(3);
        var undo = user.Page.GetByRole(AriaRole.Button, new() { Name = "Undo" });
        await undo.ClickAsync();
        await undo.ClickAsync();
        await Assertions.Expect(steps).ToHaveCountAsync(2);
        var (_, once) = await user.DownloadAsync();
        Assert.NotEqual(twice, once);
        await user.Page.Keyboard.PressAsync("Control+z");
        await Assertions.Expect(steps).ToHaveCountAsync(1);
        await user.Page.Keyboard.PressAsync("Control+Shift+z");
        await Assertions.Expect(steps).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task Convert_SeveralAtOnce_EachHasItsResult()
    {
        await using var user = await site.NewUserAsync();
        await user.OpenAsync();
        var pictures = Enumerable.Range(0, 4).Select(number => ($"picture{number}.png", TestPictures.Colours(number: number))).ToArray();
        await user.AddFilesAsync(pictures);
        await user.ChooseAsync("Flip horizontally");

        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Convert 4 pictures" }).ClickAsync();

        foreach (var (name, original) in pictures)
        {
            var tile = user.Page.GetByRole(AriaRole.Button, new() { Name = $"{name}, converted" });
            await tile.ClickAsync();
            await Assertions.Expect(tile).ToHaveAttributeAsync("aria-pressed", "true");
            await Assertions.Expect(user.DownloadLink).ToHaveAttributeAsync(
                "download", name.Replace(".png", "-flip-horizontal.png", StringComparison.Ordinal));
            var (_, bytes) = await user.DownloadAsync();
            using var before = TestPictures.Read(original);
            using var after = TestPictures.Read(bytes);
            Assert.Equal(before.At(10, 20), after.At(before.Width - 11, 20));
        }
    }

    [Fact]
    public async Task Paste_APicture_ShowsIt()
    {
        await using var user = await site.NewUserAsync();
        await user.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await user.OpenAsync();
        await user.Page.EvaluateAsync(
            """
            async bytes => {
                const blob = new Blob([Uint8Array.from(atob(bytes), each => each.charCodeAt(0))], { type: 'image/png' });
                await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]);
            }
            """,
            Convert.ToBase64String(TestPictures.Colours(50, 40)));

        await user.Page.Keyboard.PressAsync("Control+v");

        await Assertions.Expect(user.Page.Locator(".fact")).ToContainTextAsync("50 × 40");
    }

    [Fact]
    public async Task Drop_TwoPictures_OpensBoth()
    {
        await using var user = await site.NewUserAsync();
        await user.OpenAsync();
        var dropped = await user.Page.EvaluateHandleAsync(
            """
            pictures => {
                const transfer = new DataTransfer();
                pictures.forEach((text, index) => {
                    const bytes = Uint8Array.from(atob(text), each => each.charCodeAt(0));
                    transfer.items.add(new File([bytes], `dropped${index}.png`, { type: 'image/png' }));
                });
                return transfer;
            }
            """,
            new[] { TestPictures.Colours(50, 40), TestPictures.Colours(60, 30) }.Select(Convert.ToBase64String).ToArray());

        await user.Page.DispatchEventAsync("#root", "dragover", new { dataTransfer = dropped });
        await Assertions.Expect(user.Page.GetByText("Drop to open")).ToBeVisibleAsync();
        await user.Page.DispatchEventAsync("#root", "drop", new { dataTransfer = dropped });

        var open = user.Page.GetByRole(AriaRole.List, new() { Name = "Open pictures" });
        await Assertions.Expect(open.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
        await Assertions.Expect(user.Page.Locator(".fact")).ToContainTextAsync("60 × 30");
    }

    [Fact]
    public async Task TakePicture_WithTheCamera_ShowsIt()
    {
        await using var user = await site.NewUserAsync();
        await user.Context.GrantPermissionsAsync(["camera"]);
        await user.OpenAsync();
        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Take a picture" }).ClickAsync();
        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Take the picture" }).ClickAsync();

        await Assertions.Expect(user.Page.Locator(".fact")).ToContainTextAsync("JPEG");
        await Assertions.Expect(user.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    private static double Luminance(double[] rgb)
    {
        static double Linear(double v) => v / 255 <= 0.04045 ? v / 255 / 12.92 : Math.Pow(((v / 255) + 0.055) / 1.055, 2.4);
        var y = (0.2126 * Linear(rgb[0])) + (0.7152 * Linear(rgb[1])) + (0.0722 * Linear(rgb[2]));
        return 255 * (y <= 0.0031308 ? 12.92 * y : (1.055 * Math.Pow(y, 1 / 2.4)) - 0.055);
    }

    private static void AssertPixels(byte[] original, byte[] result, Func<double[], double[], double[]> expected)
    {
        using var before = TestPictures.Read(original);
        using var after = TestPictures.Read(result);
        Assert.Equal((before.Width, before.Height), (after.Width, after.Height));
        for (var x = 0; x < before.Width; x += 5)
        {
            for (var y = 0; y < before.Height; y += 7)
            {
                var actual = after.At(x, y);
                Assert.All(
                    expected(before.At(x, y), actual).Zip(actual), pair => Assert.InRange(pair.Second, pair.First - 1.5, pair.First + 1.5));
            }
        }
    }
}
