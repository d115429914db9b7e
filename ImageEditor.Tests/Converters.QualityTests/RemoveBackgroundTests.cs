using ImageEditor.Converters.QualityTests.Support;
using ImageEditor.Converters.RemoveBackground;
using NetVips;

namespace ImageEditor.Converters.QualityTests;

public sealed class RemoveBackgroundTests
{
    [Fact]
    public async Task RemoveBackground_Transparent_KeepsThePersonWithASharpEdge()
    {
        using var photo = Photo.Open("astronaut.png");

        var (result, info) = await ConvertAsync(photo, Background.Transparent);

        Assert.InRange((double)info["person"]!, 0.4, 0.65);
        using var alpha = result[3];
        using var face = alpha.Crop(195, 80, 55, 70);
        using var suit = alpha.Crop(90, 330, 150, 150);
        using var wall = alpha.Crop(330, 0, 60, 100);
        using var shuttle = alpha.Crop(400, 0, 112, 250);
        Assert.Equal((255, 255), (face.Min(), suit.Min()));
        Assert.Equal((0, 0), (wall.Max(), shuttle.Max()));
        using var undecided = (alpha > 25.0) & (alpha < 230.0);
        Assert.InRange(undecided.Avg() / 255, 0, 0.05);

        // Where the person is, the picture is what it was.
        using var faceBefore = photo.Crop(195, 80, 55, 70);
        using var faceAfter = result.Crop(195, 80, 55, 70).ExtractBand(0, n: 3);
        Assert.Equal(0, Measure.Largest(faceBefore, faceAfter));
    }

    [Fact]
    public async Task RemoveBackground_Colour_IsBehindThePerson()
    {
        using var photo = Photo.Open("grace_hopper.jpg");

        var (result, _) = await ConvertAsync(photo, Background.Color, [30, 144, 255]);

        Assert.Equal(3, result.Bands);
        Assert.Equal([30, 144, 255], result.Getpoint(500, 10));
        Assert.Equal(photo.Getpoint(256, 250), result.Getpoint(256, 250));
    }

    [Fact]
    public async Task RemoveBackground_Blur_SoftensWhatIsBehind()
    {
        using var photo = Photo.Open("astronaut.png");

        var (result, _) = await ConvertAsync(photo, Background.Blur);

        using var before = photo.Crop(400, 30, 100, 200);
        using var after = result.Crop(400, 30, 100, 200);
        Assert.InRange(Measure.Detail(after), 0, 0.3 * Measure.Detail(before));
        Assert.Equal(photo.Getpoint(220, 120), result.Getpoint(220, 120));
    }

    [Fact]
    public async Task RemoveBackground_NobodyThere_LeavesThePictureAndSaysSo()
    {
        using var photo = Photo.Open("rocket.jpg");

        var (result, info) = await ConvertAsync(photo, Background.Transparent);

        Assert.Equal(0, (double)info["person"]!);
        Assert.Contains("nobody", (string)info["note"]!, StringComparison.Ordinal);
        Assert.Equal(0, Measure.Largest(result, photo));
    }

    private static async Task<(Image Image, System.Text.Json.Nodes.JsonObject Info)> ConvertAsync(
        Image photo, Background background, byte[]? colour = null)
    {
        await using var converter = await InProcessConverter.StartAsync(
            (conversion, models) => CutOut.Apply(conversion, models, background, colour ?? [255, 255, 255]));
        return await converter.ConvertAsync(photo);
    }
}
