using System.Text.Json;
using System.Text.Json.Nodes;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.ConversionManager.ImageInspection.Containers;
using ImageEditor.ConversionManager.Submissions;
using NetVips;

namespace ImageEditor.ConversionManager.Tests.Submissions;

/// <summary>The most that a result can have, for each kind of converter and of input.</summary>
public sealed class ResultYieldTests
{
    private const int MaxBytes = 64_000_000;
    private const int InputBytes = 100_000;

    /// <summary>Headers, and those of one frame.</summary>
    private const int Overhead = (64 << 10) + (2 << 10);

    private const string Parameters = """
        { "type": "object", "properties": {
            "scale": { "type": "string", "enum": ["2", "4"], "default": "2" },
            "factor": { "type": "number", "default": 1.5 },
            "enlarge": { "type": "boolean", "default": false },
            "width": { "type": "integer" }, "height": { "type": "integer", "default": 300 } } }
        """;

    [Theory]

    // As large as the input: most converters. The design's figures: 512×384 in three channels of 8 bits.
    [InlineData("""{ "scale": 1 }""", "{}", 512 * 384 * 3 * 1.1)]
    [InlineData("""{ "scale": 1, "alpha": true }""", "{}", 512 * 384 * 4 * 1.1)]

    // Times a factor, a constant or a parameter: a number or a text, given or not.
    [InlineData("""{ "scale": 0.5 }""", "{}", 256 * 192 * 3 * 1.1)]
    [InlineData("""{ "scale": 2 }""", "{}", 1024 * 768 * 3 * 1.1)]
    [InlineData("""{ "scaleParameter": "scale" }""", "{}", 1024 * 768 * 3 * 1.1)]
    [InlineData("""{ "scaleParameter": "scale" }""", """{ "scale": "4" }""", 2048 * 1536 * 3 * 1.1)]
    [InlineData("""{ "scaleParameter": "factor" }""", "{}", 768 * 576 * 3 * 1.1)]
    [InlineData("""{ "scaleParameter": "factor" }""", """{ "factor": 3 }""", 1536 * 1152 * 3 * 1.1)]

    // As long as a parameter has its default.
    [InlineData("""{ "scale": 1, "whileDefault": "enlarge" }""", "{}", 512 * 384 * 3 * 1.1)]
    [InlineData("""{ "scale": 1, "whileDefault": "enlarge" }""", """{ "enlarge": false }""", 512 * 384 * 3 * 1.1)]

    // Bound by parameters.
    [InlineData("""{ "widthParameter": "width", "heightParameter": "height" }""", """{ "width": 200 }""", 200 * 300 * 3 * 1.1)]
    [InlineData("""{ "widthParameter": "width", "heightParameter": "height" }""", """{ "width": 20, "height": 10 }""", 20 * 10 * 3 * 1.1)]
    public void Compute_ByWhatTheDescriptorSays_IsPixelsTimesChannels(string result, string parameters, double pixelBytes) =>
        Assert.Equal(Ceiling(pixelBytes + Overhead), Compute(Descriptor(result), parameters, Jpeg(512, 384)));

    [Theory]
    [InlineData(null, "{}")]
    [InlineData("{}", "{}")]
    [InlineData("""{ "scaleParameter": "none" }""", "{}")]
    [InlineData("""{ "scale": 1, "whileDefault": "enlarge" }""", """{ "enlarge": true }""")]
    [InlineData("""{ "scaleParameter": "scale" }""", """{ "scale": "much" }""")]
    [InlineData("""{ "scaleParameter": "factor" }""", """{ "factor": -1 }""")]
    [InlineData("""{ "widthParameter": "width", "heightParameter": "height" }""", "{}")]
    [InlineData("""{ "widthParameter": "width" }""", """{ "width": 10 }""")]
    public void Compute_WhereItCannotBeTold_IsTheLimit(string? result, string parameters) =>
        Assert.Equal(MaxBytes, Compute(Descriptor(result), parameters, Jpeg(512, 384)));

    [Theory]
    [InlineData(16_383, 3_000, """{ "scale": 1 }""")]
    [InlineData(4_000, 3_000, """{ "scale": 4 }""")]
    [InlineData(16_383, 16_383, """{ "scale": 16383 }""")]
    public void Compute_OfMoreThanAResultMayHave_IsTheLimit(int width, int height, string result) =>
        Assert.Equal(MaxBytes, Compute(Descriptor(result), "{}", Jpeg(width, height)));

    /// <summary>What a container says of its pixels, and what it does not.</summary>
    [Theory]
    [InlineData("rgb.png", 3, 1)]
    [InlineData("rgba.png", 4, 1)]
    [InlineData("deep.png", 3, 2)]
    [InlineData("palette.png", 3, 1)]
    [InlineData("baseline.jpg", 3, 1)]
    [InlineData("lossy.webp", 4, 1)]
    [InlineData("animated.webp", 4, 1)]
    [InlineData("animated.gif", 4, 1)]
    [InlineData("still.avif", 4, 2)]
    [InlineData("pages.tif", 4, 2)]
    public void Compute_OfEachFormat_HasRoomForItsChannelsDepthAndFrames(string name, int channels, int depth)
    {
        var file = ImageInspection.SmallFiles.Read(name);
        var info = ImageInspector.Inspect(file).Info!;

        Assert.Equal((channels, depth), (info.MaxChannels, info.MaxBytesPerChannel));
        var pixels = (long)info.Width * info.Height * info.Frames;
        var profile = name.EndsWith(".png", StringComparison.Ordinal) || name.EndsWith(".jpg", StringComparison.Ordinal) ? 0
            : name.EndsWith(".tif", StringComparison.Ordinal) ? file.Length * info.Frames
            : file.Length;
        Assert.Equal(
            Ceiling((pixels * channels * depth * 1.1) + profile + (64 << 10) + ((2 << 10) * info.Frames)),
            ResultYield.Compute(Descriptor("""{ "scale": 1 }"""), [], info, file.Length, MaxBytes));
    }

    [Fact]
    public void Inspect_OfATransparentPalette_FindsAlpha()
    {
        using var ramps = Image.Xyz(16, 12);
        using var colours = ramps.Bandjoin(90);
        using var alpha = colours.Bandjoin(200);
        using var bytes = alpha.Cast(Enums.BandFormat.Uchar);
        using var picture = bytes.Copy(interpretation: Enums.Interpretation.Srgb);

        Assert.Equal(4, ImageInspector.Inspect(picture.PngsaveBuffer(palette: true)).Info!.MaxChannels);
    }

    /// <summary>Noise with a profile, in the formats that take most: what libvips writes fits.</summary>
    [Theory]
    [InlineData(64, 64, 3)]
    [InlineData(512, 384, 3)]
    [InlineData(512, 384, 4)]
    [InlineData(1, 3000, 4)]
    [InlineData(3000, 1, 3)]
    public void Compute_ForNoise_IsNotLessThanAnyFileOfIt(int width, int height, int channels)
    {
        using var noise = Noise(width, height, channels);
        var input = noise.PngsaveBuffer(profile: "srgb");
        var allowed = ResultYield.Compute(
            Descriptor("""{ "scale": 1 }"""), [], ImageInspector.Inspect(input).Info!, input.Length, MaxBytes);

        byte[][] results =
        [
            input, noise.PngsaveBuffer(compression: 0, profile: "srgb"), noise.JpegsaveBuffer(q: 100, profile: "srgb"),
            noise.WebpsaveBuffer(lossless: true, profile: "srgb"), noise.GifsaveBuffer(),
            noise.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Deflate, profile: "srgb"),
        ];
        Assert.All(results, result => Assert.InRange(result.Length, 1, allowed));
    }

    private static Image Noise(int width, int height, int channels)
    {
        var bytes = new byte[width * height * channels];
        new Random(5).NextBytes(bytes);
        using var memory = Image.NewFromMemory(bytes, width, height, channels, Enums.BandFormat.Uchar);
        return memory.Copy(interpretation: Enums.Interpretation.Srgb);
    }

    private static int Compute(ConverterDescriptor descriptor, string parameters, ImageInfo input) =>
        ResultYield.Compute(descriptor, (JsonObject)JsonNode.Parse(parameters)!, input, InputBytes, MaxBytes);

    private static ImageInfo Jpeg(int width, int height) => new(ImageFormat.Jpeg, width, height, 1, (long)width * height)
    {
        MaxChannels = 3,
        MaxBytesPerChannel = 1,
        MaxProfileBytes = 0,
    };

    private static int Ceiling(double bytes) => (int)Math.Ceiling(bytes);

    /// <summary>As it is read from a converter's answer.</summary>
    private static ConverterDescriptor Descriptor(string? result) => JsonSerializer.Deserialize<ConverterDescriptor>(
        $$"""
        { "name": "own", "title": "Own", "description": "Own.", "public": true, "accelerator": false,
          "formats": { "input": [], "output": [] }, "parameters": {{Parameters}}
          {{(result is null ? "" : $", \"result\": {result}")}} }
        """,
        JsonSerializerOptions.Web)!;
}
