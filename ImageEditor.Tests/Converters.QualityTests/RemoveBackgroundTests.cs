using ImageEditor.Converters.QualityTests.Support;
using ImageEditor.Converters.RemoveBackground;
using ImageEditor.Converters.RemoveBackground.Networks;
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
    public async Task RemoveBackground_Transparent_KeepsNoColourOfTheBackground()
    {
        using var photo = Photo.Open("astronaut.png");

        var (result, _) = await ConvertAsync(photo, Background.Transparent);

        using var hidden = result[3].Equal(0);
        using var isAsBefore = result.ExtractBand(0, n: 3).Equal(photo).BandAnd();
        using var isNotBlack = photo.NotEqual(0).BandOr();
        using var revealed = hidden & isAsBefore & isNotBlack;
        Assert.InRange(hidden.Avg() / 255, 0.3, 0.7);
        Assert.InRange(revealed.Avg() / hidden.Avg(), 0, 0.001);
    }

    /// <summary>A person before a green wall; of the wall nothing is left at the edges, where pixels show both.</summary>
    [Theory]
    [InlineData("astronaut.png")]
    [InlineData("grace_hopper.jpg")]
    public async Task RemoveBackground_Transparent_LeavesNoRim(string name)
    {
        using var photo = Photo.Open(name);
        var (person, _) = await ConvertAsync(photo, Background.Transparent);
        using var wall = person.Flatten(background: [20, 230, 40]);

        var (result, _) = await ConvertAsync(wall, Background.Transparent);

        var values = result.WriteToMemory<byte>();
        var (edge, green, near, dark) = (0, 0, 0, 0);
        for (var i = 0; i < values.Length; i += 4)
        {
            var isGreen = values[i + 1] > 40 + Math.Max(values[i], values[i + 2]);
            if (values[i + 3] is > 0 and < 200)
            {
                edge++;
                green += isGreen ? 1 : 0;
            }

            // Transparent right beside something opaque.
            if (values[i + 3] == 0 && i % (4 * result.Width) > 4 && values[i - 4 + 3] == 0 && values[i - 8 + 3] > 100)
            {
                near++;
                dark += isGreen || values[i] + values[i + 1] + values[i + 2] == 0 ? 1 : 0;
            }
        }

        Assert.InRange(edge, 100, int.MaxValue);
        Assert.InRange((double)green / edge, 0, 0.05);
        Assert.InRange(dark, 0, near / 50);
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
    public async Task RemoveBackground_NothingThereAndForced_LeavesThePictureAndSaysSo()
    {
        using var photo = Photo.Open("rocket.jpg");

        var (result, info) = await ConvertAsync(photo, Background.Transparent, isForced: true);

        Assert.Equal((0, 0), ((double)info["person"]!, (double)info["score"]!));
        Assert.Contains("left as it is", (string)info["notice"]!, StringComparison.Ordinal);
        Assert.Equal(0, Measure.Largest(result, photo));
    }

    /// <summary>The segmentation network itself is as sure of a cat as of a person.</summary>
    [Theory]
    [InlineData("chelsea.png")]
    [InlineData("flower.png.im_q85_420_progr.jpg")]
    [InlineData("coffee.png")]
    [InlineData("rocket.jpg")]
    [InlineData("hdr_room.png")]
    [InlineData("seeding_by_Clements_Engelhardt.jpg")]
    public async Task RemoveBackground_NobodyThere_IsRefusedUnlessForced(string name)
    {
        using var photo = Photo.Open(name);
        await using var converter = await StartAsync(Background.Transparent, isForced: false);

        var problem = await converter.ConvertRefusedAsync(photo);

        Assert.Equal((422, "urn:image-editor:problem:nobody-found"), ((int)problem["status"]!, (string)problem["type"]!));
        Assert.Contains("force=true", (string)problem["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RemoveBackground_ACatAndForced_IsCutWithANotice()
    {
        using var photo = Photo.Open("chelsea.png");

        var (result, info) = await ConvertAsync(photo, Background.Transparent, isForced: true);

        Assert.InRange((double)info["score"]!, 0, PersonCheck.Threshold);
        Assert.Contains("Nobody was recognised", (string)info["notice"]!, StringComparison.Ordinal);
        Assert.Equal(0, result[3].Min());
    }

    [Theory]
    [InlineData("astronaut.png")]
    [InlineData("grace_hopper.jpg")]
    public async Task RemoveBackground_APerson_IsRecognised(string name)
    {
        using var photo = Photo.Open(name);

        var (_, info) = await ConvertAsync(photo, Background.Transparent);

        Assert.InRange((double)info["score"]!, PersonCheck.Threshold, 1);
        Assert.Null(info["notice"]);
    }

    private static async Task<(Image Image, System.Text.Json.Nodes.JsonObject Info)> ConvertAsync(
        Image photo, Background background, byte[]? colour = null, bool isForced = false)
    {
        await using var converter = await StartAsync(background, isForced, colour);
        return await converter.ConvertAsync(photo);
    }

    private static Task<InProcessConverter> StartAsync(Background background, bool isForced, byte[]? colour = null) =>
        InProcessConverter.StartAsync((conversion, models) => CutOut.Apply(
            conversion, SegmentationNetwork.Own(models), new PersonCheck(models), background, colour ?? [255, 255, 255], isForced));
}
