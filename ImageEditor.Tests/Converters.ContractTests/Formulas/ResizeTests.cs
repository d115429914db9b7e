using System.Net;
using System.Text.Json.Nodes;
using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;

namespace ImageEditor.Converters.ContractTests.Formulas;

public sealed class ResizeTests(RunningConverters converters)
{
    /// <summary>Of a picture of 600 × 400 pixels: what is asked for, and the size of the result.</summary>
    public static TheoryData<string, int, int> Sizes => new()
    {
        { "", 600, 400 },
        { "width=300", 300, 200 },
        { "height=100", 150, 100 },
        { "percent=12.5", 75, 50 },
        { "width=300&height=300", 300, 200 },
        { "width=300&height=300&mode=fill", 300, 300 },
        { "width=300&height=300&mode=exact", 300, 300 },
        { "width=1&height=400&mode=exact", 1, 400 },
        { "width=900", 600, 400 },
        { "width=900&height=100&mode=exact", 600, 100 },
        { "width=800&height=800&mode=fill", 400, 400 },
        { "percent=200", 600, 400 },
        { "width=900&enlarge=true", 900, 600 },
        { "percent=200&enlarge=true", 1200, 800 },
        { "width=800&height=800&mode=fill&enlarge=true", 800, 800 },
        { "width=800&height=800&mode=exact&enlarge=true", 800, 800 },
        { "width=800&height=800&enlarge=true", 800, 533 },
        { "width=1&height=1", 1, 1 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Convert_Sizes_AreWhatWasAskedForAndNeverLargerUnasked(string query, int width, int height)
    {
        var client = await converters.ClientAsync("resize");

        var result = Pixels.Of(await client.ConvertedAsync(GeneratedImages.GradientFile(600, 400, "png"), query));

        Assert.Equal((width, height), (result.Width, result.Height));
    }

    /// <summary>
    /// Compared with Lanczos' kernel of three lobes on premultiplied light, computed sum by sum, and in light: near black the curve of sRGB
    /// makes much of little. Half a step of 8 bits is up to 0.0045 of light; and libvips places its kernel at whole 64ths of a pixel, half of
    /// which is 0.006 where one pixel is black and the next one white.
    /// </summary>
    [Theory]
    [InlineData("rgb")]
    [InlineData("rgb-alpha")]
    [InlineData("grey")]
    [InlineData("grey-alpha")]
    [InlineData("deep")]
    [InlineData("deep-alpha")]
    public async Task Convert_Smaller_IsLanczosInLight(string picture)
    {
        const double tolerance = 0.006;
        var client = await converters.ClientAsync("resize");
        const int width = 96;
        const int height = 64;
        const int smallWidth = 60;
        const int smallHeight = 48;
        var bands = picture switch { "grey" => 1, "grey-alpha" => 2, "rgb-alpha" or "deep-alpha" => 4, _ => 3 };
        using var image = picture.StartsWith("deep", StringComparison.Ordinal)
            ? GeneratedImages.DeepGradient(width, height, bands)
            : GeneratedImages.Gradient(width, height, bands);
        var input = Pixels.Of(image);

        var result = Pixels.Of(await client.ConvertedAsync(
            GeneratedImages.File(image, "png"), $"width={smallWidth}&height={smallHeight}&mode=exact"));

        Assert.Equal(
            (smallWidth, smallHeight, input.Maximum, input.HasAlpha), (result.Width, result.Height, result.Maximum, result.HasAlpha));
        for (var y = 0; y < smallHeight; y++)
        {
            for (var x = 0; x < smallWidth; x++)
            {
                var expected = Scaled(input, x, y, (double)width / smallWidth, (double)height / smallHeight);
                var alpha = (double)result.At(x, y, Pixels.Alpha) / result.Maximum;
                Assert.InRange(alpha - expected[Pixels.Alpha], -tolerance, tolerance);
                for (var channel = 0; channel < Pixels.Alpha; channel++)
                {
                    var light = Math.Clamp(expected[channel] / expected[Pixels.Alpha], 0, 1);
                    Assert.InRange(
                        (Linear((double)result.At(x, y, channel) / result.Maximum) - light) * alpha, -tolerance, tolerance);
                }
            }
        }
    }

    /// <summary>Lines of black and white, one pixel each: half of the light, which is 188 of 255, and not 128.</summary>
    [Fact]
    public async Task Convert_FineLines_KeepTheirLight()
    {
        var client = await converters.ClientAsync("resize");
        byte[] lines = [.. Enumerable.Range(0, 200 * 200).Select(i => (byte)(i % 2 == 0 ? 0 : 255))];
        using var image = NetVips.Image.NewFromMemory(lines, 200, 200, 1, NetVips.Enums.BandFormat.Uchar);

        var result = Pixels.Of(await client.ConvertedAsync(GeneratedImages.File(image, "png"), "percent=10"));

        Assert.Equal(20, result.Width);
        Assert.InRange((int)result.At(10, 10, 0), 186, 190);
    }

    /// <summary>What is not seen has no colour: beside it, the colour of what is seen stays.</summary>
    [Fact]
    public async Task Convert_EdgeOfTransparency_HasNoRim()
    {
        var client = await converters.ClientAsync("resize");
        byte[] pixels = [.. Enumerable.Range(0, 64 * 64).SelectMany(i => (byte[])(i % 64 < 31 ? [0, 0, 0, 0] : [255, 200, 40, 255]))];
        using var image = NetVips.Image.NewFromMemory(pixels, 64, 64, 4, NetVips.Enums.BandFormat.Uchar)
            .Copy(interpretation: NetVips.Enums.Interpretation.Srgb);

        var result = Pixels.Of(await client.ConvertedAsync(GeneratedImages.File(image, "png"), "percent=30"));

        Assert.Contains(Enumerable.Range(0, result.Width), x => result.At(x, 5, Pixels.Alpha) is > 20 and < 235);
        Assert.All(Enumerable.Range(0, result.Width).Where(x => result.At(x, 5, Pixels.Alpha) > 20), x => Assert.Equal(
            (255, 200, 40), ((int)result.At(x, 5, 0), (int)result.At(x, 5, 1), (int)result.At(x, 5, 2))));
    }

    [Fact]
    public async Task Convert_Animation_ScalesEachFrame()
    {
        var client = await converters.ClientAsync("resize");
        foreach (var format in (string[])["gif", "webp", "tif"])
        {
            using var result = Pixels.Open(await client.ConvertedAsync(GeneratedImages.Animation(format, hasAlpha: true), "width=24"));

            Assert.Equal((24, 16, GeneratedImages.Delays.Length), (result.Width, result.PageHeight, result.Height / result.PageHeight));
        }

        // A single frame twice as high as before is still one.
        using var large = Pixels.Open(
            await client.ConvertedAsync(GeneratedImages.GradientFile(40, 30, "tif"), "percent=200&enlarge=true&format=webp"));
        Assert.Equal((80, 60, 60), (large.Width, large.Height, large.PageHeight));
    }

    [Fact]
    public async Task Convert_NotMadeLarger_SaysSo()
    {
        var client = await converters.ClientAsync("resize");

        var held = await client.ConvertAsync(GeneratedImages.Small("png"), "width=100");
        var asked = await client.ConvertAsync(GeneratedImages.Small("png"), "width=20");

        Assert.Contains("48 × 32", (string?)JsonNode.Parse(held.ResultInfo!)!["notice"], StringComparison.Ordinal);
        Assert.Null(asked.ResultInfo);
    }

    [Theory]
    [InlineData("width=9000&enlarge=true", "too-many-pixels")]
    [InlineData("percent=1000&enlarge=true", "side-too-long")]
    public async Task Convert_ResultPastALimit_Is422BeforeAnyWork(string query, string problem)
    {
        var client = await converters.ClientAsync("resize");

        (await client.ConvertAsync(HandmadeFiles.HugePng(3_000, 2_900), query))
            .MustBeProblem(HttpStatusCode.UnprocessableEntity, problem);
    }

    [Fact]
    public async Task Convert_PercentAndPixels_Is400()
    {
        var client = await converters.ClientAsync("resize");

        (await client.ConvertAsync(GeneratedImages.Small("png"), "percent=50&width=10"))
            .MustBeProblem(HttpStatusCode.BadRequest, "invalid-parameters");
        (await client.ConvertAsync(GeneratedImages.GradientFile(1, 3_000, "png"), "width=16000&height=1&mode=fill&enlarge=true"))
            .MustBeProblem(HttpStatusCode.UnprocessableEntity, "side-too-long");
    }

    /// <summary>Red, green, blue and alpha of one pixel, in light, from 0 to 1, colours premultiplied.</summary>
    private static double[] Scaled(Pixels image, int x, int y, double across, double down)
    {
        var (middleX, middleY) = (((x + 0.5) * across) - 0.5, ((y + 0.5) * down) - 0.5);
        var sums = new double[Pixels.Channels];
        var weights = 0.0;
        for (var row = (int)Math.Ceiling(middleY - (3 * down)); row <= middleY + (3 * down); row++)
        {
            for (var column = (int)Math.Ceiling(middleX - (3 * across)); column <= middleX + (3 * across); column++)
            {
                var weight = Lanczos((column - middleX) / across) * Lanczos((row - middleY) / down);
                var (atX, atY) = (Math.Clamp(column, 0, image.Width - 1), Math.Clamp(row, 0, image.Height - 1));
                var alpha = (double)image.At(atX, atY, Pixels.Alpha) / image.Maximum;
                for (var channel = 0; channel < Pixels.Alpha; channel++)
                {
                    sums[channel] += weight * alpha * Linear((double)image.At(atX, atY, channel) / image.Maximum);
                }

                sums[Pixels.Alpha] += weight * alpha;
                weights += weight;
            }
        }

        return [.. sums.Select(sum => sum / weights)];
    }

    private static double Lanczos(double x) => x == 0 ? 1
        : Math.Abs(x) >= 3 ? 0
        : 3 * Math.Sin(Math.PI * x) * Math.Sin(Math.PI * x / 3) / (Math.PI * Math.PI * x * x);

    private static double Linear(double value) => value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
}
