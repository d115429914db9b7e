using ImageEditor.Tests.Browser.Support;
using ImageEditor.Tests.Harness;

namespace ImageEditor.Tests.Browser;

/// <summary>What cannot be converted: the page says why and what to do, and nothing is lost.</summary>
[Collection(nameof(Site))]
public sealed class RefusalTests(Site site)
{
    [Fact]
    public async Task TooLarge_SaysTheLimit()
    {
        var noise = new byte[6_000_000];
        new Random(1).NextBytes(noise);
        await AssertRefusedAsync("too-large", ("large.png", [.. TestPictures.Colours(), .. noise]), "status of 413", "This file is too large", "MB");
    }

    [Fact]
    public async Task TooLargeForTheGateway_SaysTheLimit() =>
        await AssertRefusedAsync("too-large-gateway", ("huge.png", new byte[21_000_000]), "status of 413", "This file is too large", "MB");

    [Fact]
    public async Task NotAPicture_ThatIsCalledOne_SaysSo() =>
        await AssertRefusedAsync("not-an-image", ("words.png", "These are words."u8.ToArray()), "status of 415", "This is not a picture that can be read", "JPEG");

    [Fact]
    public async Task TooManyPixels_SaysTheLimit() =>
        await AssertRefusedAsync("too-many-pixels", ("wide.png", Pictures.Png(9000, 6000)), "status of 422", "This picture has too many pixels", "");

    [Fact]
    public async Task AnotherKindOfFile_IsNotTakenIn()
    {
        await using var visitor = await site.VisitAsync();
        await visitor.OpenAsync();
        await visitor.AddAsync(("words.txt", "These are words."u8.ToArray()));

        await Assertions.Expect(visitor.Page.GetByText("words.txt: not a picture.")).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Drop pictures here" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Setting_OutOfRange_IsSaidAndNotSent()
    {
        await using var visitor = await site.VisitAsync();
        await visitor.OpenAsync();
        await visitor.AddAsync(("colours.png", TestPictures.Colours()));
        await visitor.ChooseAsync("Contrast");
        await visitor.SetAsync("Amount", 400);
        await visitor.ConvertAsync();

        await Assertions.Expect(visitor.Alert.First).ToContainTextAsync("“Amount” is a whole number from -100 to 100.");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Reset Amount" }).ClickAsync();
        await Assertions.Expect(visitor.Page.GetByLabel("Amount", new() { Exact = true })).ToHaveValueAsync("30");
        await visitor.ConvertAsync();
        await visitor.WaitForResultAsync();
    }

    [Fact]
    public async Task ConverterDown_IsMarkedAndThePictureWaitsForIt()
    {
        await using var visitor = await site.VisitAsync();
        var stopped = await site.App.StopAllAsync("slow", TestContext.Current.CancellationToken);
        await visitor.OpenAsync();
        await Assertions.Expect(visitor.Page.GetByText("It is not running at the moment: your picture waits for it, or choose another.")).ToBeVisibleAsync(new() { Timeout = 90_000 });
        await visitor.AddAsync(("colours.png", TestPictures.Colours()));
        await visitor.ConvertSlowlyAsync(TimeSpan.Zero);
        await visitor.JobIdAsync();
        await visitor.LookAsync("converter-down");

        await site.App.StartAllAsync(stopped, TestContext.Current.CancellationToken);

        await visitor.WaitForResultAsync();
    }

    private async Task AssertRefusedAsync(string state, (string Name, byte[] Bytes) file, string complaint, string title, string detail)
    {
        await using var visitor = await site.VisitAsync();
        visitor.Expect(complaint);
        await visitor.OpenAsync();
        await visitor.AddAsync(file);
        await visitor.ChooseAsync("Grayscale");
        await visitor.ConvertAsync();

        await Assertions.Expect(visitor.Alert).ToContainTextAsync(title);
        await Assertions.Expect(visitor.Alert).ToContainTextAsync(detail);
        await visitor.LookAsync(state);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Put away" }).ClickAsync();
        await Assertions.Expect(visitor.Alert).ToHaveCountAsync(0);
        await Assertions.Expect(visitor.ConvertButton).ToBeEnabledAsync();
    }
}
