using ImageEditor.Converters.StyleTransfer;
using ImageEditor.Converters.Tests.Support;

namespace ImageEditor.Converters.Tests.StyleTransfer;

/// <summary>What style transfer does to a photo.</summary>
public sealed class StyleTests
{
    public static TheoryData<string> Styles => [.. StylePicture.All.Select(picture => picture.Name)];

    /// <summary>The loss counts each layer by what photo and style differ in it at first, so that it begins at the strength.</summary>
    [Theory]
    [MemberData(nameof(Styles))]
    public void Paint_DefaultSettings_BringsTheStyleFourTimesAsNear(string style)
    {
        using var gradient = Networks.StyleGradient();
        using var targets = Networks.StyleTargets();
        var network = new StyleNetwork(gradient.Running(), targets.Running());
        var photo = Photo.Whole("chelsea.png", 150, 226).ToPlanes();
        var picture = StylePicture.Named(style);

        var painting = new StylePainter(network, picture, new StyleSettings(Strength: 60, Steps: 50))
            .Paint(photo, _ => { }, _ => { }, CancellationToken.None);

        var (before, after) = (
            network.Distance(photo, photo, picture, CancellationToken.None),
            network.Distance(painting, photo, picture, CancellationToken.None));
        TestContext.Current.TestOutputHelper!.WriteLine($"{style}: {before / after:0.0} times as near");
        Assert.InRange(after, 0, before / 4);
    }

    [Fact]
    public void Paint_AtStrengthZero_LeavesThePhotoAsItIs()
    {
        using var gradient = Networks.StyleGradient();
        using var targets = Networks.StyleTargets();
        var photo = Photo.Whole("coffee.png", 90, 120).ToPlanes();

        var painting = new StylePainter(
            new StyleNetwork(gradient.Running(), targets.Running()), StylePicture.Named("ink"), new StyleSettings(0, 10))
            .Paint(photo, _ => { }, _ => { }, CancellationToken.None);

        Assert.InRange(painting.Values.Zip(photo.Values, (one, other) => Math.Abs(one - other)).Max(), 0, 0.001);
    }
}
