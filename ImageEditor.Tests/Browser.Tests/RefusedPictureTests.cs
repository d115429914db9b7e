using ImageEditor.Browser.Tests.Support;

namespace ImageEditor.Browser.Tests;

/// <summary>The page says why a picture cannot be converted and what to do, and nothing is lost.</summary>
[Collection(nameof(RunningSite))]
public sealed class RefusedPictureTests(RunningSite site)
{
    [Fact]
    public async Task TooLarge_SaysTheLimit()
    {
        var noise = new byte[20_500_000];
        new Random(1).NextBytes(noise);
        await AssertRefusedAsync(
            "too-large", ("large.png", [.. TestPictures.Colours(), .. noise]), "status of 413", "This file is too large", "MB");
    }

    [Fact]
    public async Task TooLargeForTheGateway_SaysTheLimit() =>
        await AssertRefusedAsync("too-large-gateway", ("huge.png", new byte[41_000_000]), "status of 413", "This file is too large", "MB");

    [Fact]
    public async Task NotAPicture_ThatIsCalledOne_SaysSo() =>
        await AssertRefusedAsync(
            "not-an-image",
            ("words.png", "These are words."u8.ToArray()),
            "status of 415",
            "This is not a picture that can be read",
            "JPEG");

    [Fact]
    public async Task TooManyPixels_SaysTheLimit() =>
        await AssertRefusedAsync(
            "too-many-pixels", ("wide.png", Pictures.Png(9000, 6000)), "status of 422", "This picture has too many pixels", "");

    [Fact]
    public async Task AnotherKindOfFile_IsNotTakenIn()
    {
        await using var user = await site.NewUserAsync();
        await user.OpenAsync();
        await user.AddFilesAsync(("words.txt", "These are words."u8.ToArray()));

        await Assertions.Expect(user.Page.GetByText("words.txt: not a picture.")).ToBeVisibleAsync();
        await Assertions.Expect(user.Page.GetByRole(AriaRole.Heading, new() { Name = "Drop pictures here" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Setting_OutOfRange_IsSaidAndNotSent()
    {
        await using var user = await site.NewUserAsync();
        await user.OpenAsync();
        await user.AddFilesAsync(("colours.png", TestPictures.Colours()));
        await user.ChooseAsync("Contrast");
        await user.SetAsync("Amount", 400);
        await user.ConvertAsync();

        await Assertions.Expect(user.Alert.First).ToContainTextAsync("“Amount” is a whole number from -100 to 100.");
        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Reset Amount" }).ClickAsync();
        await Assertions.Expect(user.Page.GetByLabel("Amount", new() { Exact = true })).ToHaveValueAsync("30");
        await user.ConvertAsync();
        await user.WaitForResultAsync();
    }

    [Fact]
    public async Task ConverterDown_IsMarkedAndThePictureWaitsForIt()
    {
        await using var user = await site.NewUserAsync();
        var stopped = await site.App.StopAllAsync("slow", TestContext.Current.CancellationToken);
        await user.OpenAsync();
        var away = user.Page.GetByText("It is not running at the moment: your picture waits for it, or choose another.");
        await Assertions.Expect(away).ToBeVisibleAsync(new() { Timeout = 90_000 });
        await user.AddFilesAsync(("colours.png", TestPictures.Colours()));
        await user.ConvertSlowlyAsync(TimeSpan.Zero);
        await user.JobIdAsync();
        await user.CaptureAndCheckAsync("converter-down");

        await site.App.StartAllAsync(stopped, TestContext.Current.CancellationToken);

        await user.WaitForResultAsync();
    }

    private async Task AssertRefusedAsync(string state, (string Name, byte[] Bytes) file, string message, string title, string detail)
    {
        await using var user = await site.NewUserAsync();
        user.ExpectConsoleMessage(message);
        await user.OpenAsync();
        await user.AddFilesAsync(file);
        await user.ChooseAsync("Grayscale");
        await user.ConvertAsync();

        await Assertions.Expect(user.Alert).ToContainTextAsync(title);
        await Assertions.Expect(user.Alert).ToContainTextAsync(detail);
        await user.CaptureAndCheckAsync(state);
        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Put away" }).ClickAsync();
        await Assertions.Expect(user.Alert).ToHaveCountAsync(0);
        await Assertions.Expect(user.ConvertButton).ToBeEnabledAsync();
    }
}
