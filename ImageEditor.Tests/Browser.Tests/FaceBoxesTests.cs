using System.Text.RegularExpressions;
using ImageEditor.Browser.Tests.Support;
using NetVips;

namespace ImageEditor.Browser.Tests;

/// <summary>What blur-faces found is shown, and corrected on the picture.</summary>
[Collection(nameof(RunningSite))]
public sealed class FaceBoxesTests(RunningSite site)
{
    [Fact]
    public async Task BlurFaces_AFalseOneAndAMiss_AreCorrectedByClicks()
    {
        await using var user = await site.NewUserAsync();
        await user.OpenAsync();
        var photo = PhotoOfAPerson();
        await user.AddFilesAsync(("astronaut.png", photo));
        await user.ChooseAsync("Blur faces");
        await user.ConvertAsync();
        await user.WaitForResultAsync();

        // The found face is left as it is, and a place in the lower right corner is blurred.
        await Button(user, "^Face 1 is blurred").ClickAsync();
        await Assertions.Expect(Button(user, "^Face 1 stays as it is")).ToBeVisibleAsync();
        await Button(user, "^Add a box$").ClickAsync();
        var shown = (await user.Page.Locator(".box-overlay").BoundingBoxAsync())!;
        await user.Page.Mouse.ClickAsync(shown.X + shown.Width * 0.8f, shown.Y + shown.Height * 0.8f);
        await Assertions.Expect(Button(user, "^Box 1 is blurred, too")).ToBeVisibleAsync();
        await Button(user, "^Add a box$").ClickAsync();
        await user.CaptureAndCheckAsync("face-boxes");
        await user.ConvertAsync();
        await user.Page.Locator(".findings").GetByText("0", new() { Exact = true }).WaitForAsync();

        var (_, bytes) = await user.DownloadAsync();
        using var before = TestPictures.Read(photo);
        using var after = TestPictures.Read(bytes);
        Assert.Equal(0, Differences(before, after, 195, 80));
        Assert.InRange(Differences(before, after, 400, 400), 300, 900);
        await Assertions.Expect(Button(user, "^Face 1 stays as it is")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task BlurFaces_BoxByKeyboard_IsAddedAndMoved()
    {
        await using var user = await site.NewUserAsync();
        await user.OpenAsync();
        await user.AddFilesAsync(("colours.png", TestPictures.Colours()));
        await user.ChooseAsync("Blur faces");
        await user.ConvertAsync();
        await user.Alert.WaitForAsync();

        await Button(user, "^Add a box$").ClickAsync();
        await user.Page.GetByRole(AriaRole.Group, new() { NameRegex = new Regex("Enter adds a box") }).FocusAsync();
        await user.Page.Keyboard.PressAsync("Enter");
        var box = Button(user, "^Box 1 is blurred, too");
        await Assertions.Expect(box).ToBeVisibleAsync();
        var before = (await box.BoundingBoxAsync())!;
        await box.FocusAsync();
        await user.Page.Keyboard.PressAsync("ArrowRight");

        await Assertions.Expect(box).ToBeFocusedAsync();
        Assert.True((await box.BoundingBoxAsync())!.X > before.X);
    }

    [Fact]
    public async Task BlurFaces_NobodyThere_IsSaidLoudly()
    {
        await using var user = await site.NewUserAsync();
        await user.OpenAsync();
        await user.AddFilesAsync(("colours.png", TestPictures.Colours()));
        await user.ChooseAsync("Blur faces");
        await user.ConvertAsync();

        await user.Alert.WaitForAsync();
        await Assertions.Expect(user.Alert).ToContainTextAsync("No face was found");
    }

    [Fact]
    public async Task RemoveBackground_NobodyThere_SaysSoAndCutsWhenAskedTo()
    {
        await using var user = await site.NewUserAsync();
        await user.OpenAsync();
        user.ExpectConsoleMessage("422");
        await user.AddFilesAsync(("colours.png", TestPictures.Colours()));
        await user.ChooseAsync("Remove background");
        await user.ConvertAsync();
        await user.Alert.WaitForAsync();
        await Assertions.Expect(user.Alert).ToContainTextAsync("Nobody was recognised");

        await user.Page.GetByRole(AriaRole.Switch, new() { Name = "Cut anyway" }).CheckAsync();
        await user.ConvertAsync();
        await user.WaitForResultAsync();
    }

    private static ILocator Button(BrowserUser user, string name) =>
        user.Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex(name) });

    /// <summary>How many pixels differ in a square of 30 × 30.</summary>
    private static int Differences(Image before, Image after, int left, int top) => Enumerable.Range(0, 900)
        .Count(i => !before.At(left + i % 30, top + i / 30).SequenceEqual(after.At(left + i % 30, top + i / 30)));

    /// <summary>The astronaut of the quality tests, wherever these lie.</summary>
    private static byte[] PhotoOfAPerson() => File.ReadAllBytes(
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "ImageEditor.Tests"), "astronaut.png", SearchOption.AllDirectories).First());
}
