using System.Net;
using System.Text;
using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;
using NetVips;

namespace ImageEditor.Converters.ContractTests.Formulas;

/// <summary>WebP, at most 512 pixels wide and high, the first frame, in sRGB.</summary>
public sealed class ThumbnailTests(RunningConverters converters)
{
    private const int Side = 512;
    private const string WebP = "image/webp";

    /// <summary>What lossy compression may change on average.</summary>
    private const double Near = 0.02;

    public static TheoryData<string> Photographs => [.. Photos.Intact];

    [Theory]
    [MemberData(nameof(Photographs))]
    public async Task Convert_SharedPhoto_FitsIntoTheSquareAndKeepsItsShape(string photo)
    {
        var client = await converters.ClientAsync("thumbnail");
        var input = Shape.Of(Photos.Read(photo));

        var answer = await client.ConvertAsync(Photos.Read(photo));

        Assert.Equal((HttpStatusCode.OK, WebP), (answer.Status, answer.MediaType));
        var result = Pixels.Of(answer.Body);
        var scale = Math.Min(1, (double)Side / Math.Max(input.Width, input.Height));
        Assert.InRange(result.Width, (input.Width * scale) - 1, Math.Min(Side, (input.Width * scale) + 1));
        Assert.InRange(result.Height, (input.Height * scale) - 1, Math.Min(Side, (input.Height * scale) + 1));
        using var image = Pixels.Open(Photos.Read(photo));
        Assert.Equal((byte.MaxValue, image.HasAlpha()), (result.Maximum, result.HasAlpha));
    }

    [Fact]
    public async Task Convert_EveryFormat_IsTheSameSmallPicture()
    {
        var client = await converters.ClientAsync("thumbnail");
        var expected = Reference(GeneratedImages.Gradient(1600, 900));
        foreach (var format in GeneratedImages.Formats)
        {
            var result = Pixels.Of(await client.ConvertedAsync(GeneratedImages.File(GeneratedImages.Gradient(1600, 900), format)));

            Assert.Equal((512, 288, 1), (result.Width, result.Height, result.Frames));
            Assert.InRange(result.MeanDifference(expected), 0, Near);
        }
    }

    [Fact]
    public async Task Convert_PictureThatFits_KeepsItsSize()
    {
        var client = await converters.ClientAsync("thumbnail");
        foreach (var (width, height) in ((int, int)[])[(1, 1), (48, 32), (512, 1), (1, 512), (512, 512)])
        {
            var result = Pixels.Of(await client.ConvertedAsync(GeneratedImages.File(GeneratedImages.Gradient(width, height), "png")));

            Assert.Equal((width, height), (result.Width, result.Height));
        }
    }

    [Fact]
    public async Task Convert_ExtremeShapes_Work()
    {
        var client = await converters.ClientAsync("thumbnail");
        foreach (var (width, height) in ((int, int)[])[(16_383, 1), (1, 16_383), (3000, 2), (513, 1)])
        {
            var result = Pixels.Of(await client.ConvertedAsync(GeneratedImages.File(GeneratedImages.Gradient(width, height), "png")));

            Assert.Equal((width > height ? Side : 1, width > height ? 1 : Side), (result.Width, result.Height));
        }
    }

    [Theory]
    [InlineData("gif", false)]
    [InlineData("gif", true)]
    [InlineData("webp", false)]
    [InlineData("webp", true)]
    [InlineData("tif", false)]
    public async Task Convert_Animation_IsTheFirstFrame(string format, bool hasAlpha)
    {
        var client = await converters.ClientAsync("thumbnail");
        var animation = GeneratedImages.Animation(format, hasAlpha);
        using var frames = Pixels.Open(animation);
        using var first = frames.Crop(0, 0, frames.Width, frames.PageHeight);

        var result = Pixels.Of(await client.ConvertedAsync(animation));

        Assert.Equal(1, result.Frames);
        Assert.InRange(result.MeanDifference(Pixels.Of(await client.ConvertedAsync(GeneratedImages.File(first, "png")))), 0, Near);
    }

    [Fact]
    public async Task Convert_AlphaAndDepth_BecomeEightBitsWithAlpha()
    {
        var client = await converters.ClientAsync("thumbnail");
        foreach (var bands in (int[])[1, 2, 3, 4])
        {
            foreach (var image in (Image[])[GeneratedImages.Gradient(1000, 700, bands), GeneratedImages.DeepGradient(1000, 700, bands)])
            {
                var result = Pixels.Of(await client.ConvertedAsync(GeneratedImages.File(image, "png")));

                Assert.Equal((byte.MaxValue, bands is 2 or 4), (result.Maximum, result.HasAlpha));
            }
        }

        // What is transparent stays so, and is smaller as the rest is.
        using var clear = Image.Black(1000, 350);
        using var half = clear.Insert(clear.NewFromImage(255), 0, 350, expand: true);
        using var halved = GeneratedImages.Gradient(1000, 700).Bandjoin(half);
        var small = Pixels.Of(await client.ConvertedAsync(GeneratedImages.File(halved, "png")));
        Assert.Equal((0, 255), (small.At(256, 100, Pixels.Alpha), small.At(256, 300, Pixels.Alpha)));
    }

    [Fact]
    public async Task Convert_WideGamut_IsConvertedToSrgb()
    {
        var client = await converters.ClientAsync("thumbnail");
        foreach (var format in (string[])["jpg", "png", "webp", "avif", "tif"])
        {
            var input = GeneratedImages.File(GeneratedImages.WideGamut(depth: 8), format);
            using var wide = Pixels.Open(input);
            using var converted = wide.IccTransform("srgb", intent: Enums.Intent.Relative, embedded: true);

            var result = await client.ConvertedAsync(input);

            Assert.Null(GeneratedImages.ProfileOf(result));
            Assert.InRange(Pixels.Of(result).MeanDifference(Reference(converted)), 0, Near);
            Assert.True(Pixels.Of(result).MeanDifference(Reference(wide)) > Pixels.Of(result).MeanDifference(Reference(converted)));
        }
    }

    [Fact]
    public async Task Convert_Cmyk_BecomesSrgb()
    {
        var client = await converters.ClientAsync("thumbnail");

        var result = Pixels.Of(await client.ConvertedAsync(Photos.Read("gen_coffee_cmyk.jpg")));

        // No negative: nearer to the picture that the photo was made from than to its opposite.
        var coffee = Pixels.Of(await client.ConvertedAsync(Photos.Read("coffee.png")));
        var opposite = coffee.Inverted();
        Assert.InRange(result.MeanDifference(coffee), 0, 0.5 * result.MeanDifference(opposite));
    }

    [Fact]
    public async Task Convert_OnePictureInEveryOrientation_IsUpright()
    {
        var client = await converters.ClientAsync("thumbnail");
        foreach (var format in (string[])["jpg", "png", "webp", "tif"])
        {
            var upright = Pixels.Of(await client.ConvertedAsync(GeneratedImages.Oriented(1, format)));
            for (var orientation = 2; orientation <= 8; orientation++)
            {
                var result = await client.ConvertedAsync(GeneratedImages.Oriented(orientation, format));

                Assert.InRange(Pixels.Of(result).MeanDifference(upright), 0, Near);
            }
        }
    }

    [Fact]
    public async Task Convert_Metadata_IsDropped()
    {
        var client = await converters.ClientAsync("thumbnail");
        foreach (var format in GeneratedImages.Formats)
        {
            var result = await client.ConvertedAsync(GeneratedImages.WithMetadata(format));

            Assert.DoesNotContain(GeneratedImages.Secret, Encoding.Latin1.GetString(result), StringComparison.Ordinal);
            using var image = Pixels.Open(result);
            Assert.DoesNotContain(image.GetFields(), field => field is "exif-data" or "xmp-data" or "iptc-data" or "orientation");
        }
    }

    /// <summary>The same picture, made smaller whole.</summary>
    private static Pixels Reference(Image image)
    {
        using var small = image.ThumbnailImage(Side, height: Side, size: Enums.Size.Down);
        return Pixels.Of(small);
    }
}
