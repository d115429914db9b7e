using System.Net;
using System.Text;
using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;
using NetVips;

namespace ImageEditor.Converters.ContractTests.Suite;

/// <summary>Copies for browsers to display, of whatever is read.</summary>
public sealed class DisplayCopyTests(RunningConverters converters)
{
    private const string Display = "copy=display";

    [Theory]
    [InlineData("jpeg", 3000, 1500, 2048, 1024)]
    [InlineData("png", 1500, 3000, 1024, 2048)]
    [InlineData("tiff", 2049, 100, 2048, 100)]
    [InlineData("webp[lossless]", 200, 100, 200, 100)]
    public async Task Convert_OpaquePicture_IsAJpegThatFits(string format, int width, int height, int expectedWidth, int expectedHeight)
    {
        var result = await ConvertAsync(Gradient(width, height, bands: 3).WriteToBuffer("." + format));

        Assert.Equal("image/jpeg", result.MediaType);
        var pixels = Pixels.Of(result.Body);
        Assert.Equal((expectedWidth, expectedHeight), (pixels.Width, pixels.Height));
        pixels.MustBeNear(
            (x, y, channel) => channel switch
            {
                0 => 255.0 * x / pixels.Width,
                1 => 255.0 * y / pixels.Height,
                Pixels.Alpha => byte.MaxValue,
                _ => 128,
            },
            tolerance: 10);
    }

    [Theory]
    [InlineData("png", false)]
    [InlineData("png", true)]
    [InlineData("tiff", true)]
    [InlineData("webp", false)]
    public async Task Convert_TransparentPicture_IsAPngOf8Bits(string format, bool isDeep)
    {
        using var picture = Gradient(300, 200, bands: 4);
        using var shown = isDeep ? picture.Colourspace(Enums.Interpretation.Rgb16) : picture.Copy();

        var result = await ConvertAsync(format == "webp" ? shown.WebpsaveBuffer(lossless: true) : shown.WriteToBuffer("." + format));

        Assert.Equal("image/png", result.MediaType);
        var pixels = Pixels.Of(result.Body);
        Assert.Equal((300, 200, true, 255), (pixels.Width, pixels.Height, pixels.HasAlpha, pixels.Maximum));
        Assert.InRange(pixels.At(150, 100, 3), 126, 129);
    }

    [Fact]
    public async Task Convert_AlphaThatHidesNothing_IsAJpeg()
    {
        using var opaque = Gradient(40, 30, bands: 3);
        using var picture = opaque.Bandjoin(255.0);

        Assert.Equal("image/jpeg", (await ConvertAsync(picture.PngsaveBuffer())).MediaType);
    }

    [Theory]
    [InlineData("jpg", 3)]
    [InlineData("jpg", 6)]
    [InlineData("tif", 6)]
    [InlineData("tif", 8)]
    public async Task Convert_PictureThatIsTurnedByItsTag_IsUpright(string format, int orientation)
    {
        var upright = Pixels.Of((await ConvertAsync(GeneratedImages.Oriented(1, format, 100_000))).Body);

        var copy = Pixels.Of((await ConvertAsync(GeneratedImages.Oriented(orientation, format, 100_000))).Body);

        Assert.InRange(copy.MeanDifference(upright), 0, 0.02);
    }

    /// <summary>Where it was taken is nobody's to see, and what was in it.</summary>
    [Theory]
    [InlineData("jpg")]
    [InlineData("tif")]
    [InlineData("webp")]
    public async Task Convert_PictureWithMetadata_HasNoneOfIt(string format)
    {
        var file = GeneratedImages.WithMetadata(format);
        Assert.True(file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(GeneratedImages.Secret)) >= 0);

        var copy = (await ConvertAsync(file)).Body;

        Assert.True(copy.AsSpan().IndexOf(Encoding.ASCII.GetBytes(GeneratedImages.Secret)) < 0);
        using var image = Pixels.Open(copy);
        Assert.DoesNotContain(image.GetFields(), field => field.StartsWith("exif-ifd", StringComparison.Ordinal));
    }

    /// <summary>A copy looks like its picture to browsers, whether it keeps the profile or is changed to sRGB.</summary>
    [Theory]
    [InlineData(8, "tif")]
    [InlineData(16, "tif")]
    [InlineData(16, "png")]
    public async Task Convert_DisplayP3_LooksLikeIt(int depth, string format)
    {
        using var wide = GeneratedImages.WideGamut(depth);

        var copy = (await ConvertAsync(GeneratedImages.File(wide, format))).Body;

        using var expected = GeneratedImages.Muted(8);
        Assert.InRange(InSrgb(copy).MeanDifference(Pixels.Of(expected)), 0, 0.02);
    }

    /// <summary>As the gallery has it made, in two steps: the copy stands and looks as the picture itself is decoded.</summary>
    [Theory]
    [InlineData("Display P3")]
    [InlineData("nclx Display P3")]
    [InlineData("orientation 6 of EXIF")]
    [InlineData("orientation 6 of EXIF, irot 1")]
    [InlineData("grid, clap, irot 3, imir 0")]
    public async Task Convert_Heic_LooksLikeThePicture(string name)
    {
        var file = (HandmadeHeic.Encoded.TryGetValue(name, out var create) ? create : HandmadeHeic.Files[name])();
        var heic = await converters.ClientAsync("heic");
        var whole = await heic.ConvertedAsync(file);

        var copy = await ConvertAsync(await heic.ConvertedAsync(file, "side=2048"));

        Assert.Equal("image/jpeg", copy.MediaType);
        Assert.InRange(InSrgb(copy.Body).MeanDifference(InSrgb(whole)), 0, 0.02);
        using var image = Pixels.Open(copy.Body);
        Assert.DoesNotContain(image.GetFields(), field => field.StartsWith("exif-ifd", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("copy=poster")]
    [InlineData("copy=display&copy=display")]
    [InlineData("side=10")]
    public async Task Convert_UnknownCopy_Is400(string query)
    {
        var client = await converters.ClientAsync("thumbnail");
        (await client.ConvertAsync(GeneratedImages.Small("png"), query)).MustBeProblem(HttpStatusCode.BadRequest, "invalid-parameters");
    }

    [Theory]
    [InlineData(96, "8 bits")]
    [InlineData(48, "8 bits")]
    [InlineData(48, "alpha, 10 bits")]
    [InlineData(1000, "10 bits")]
    public async Task Convert_HeicOfASide_IsNoLarger(int side, string name)
    {
        var file = HandmadeHeic.Encoded[name]();
        var client = await converters.ClientAsync("heic");
        var whole = Pixels.Of(await client.ConvertedAsync(file));

        var small = Pixels.Of(await client.ConvertedAsync(file, $"side={side}"));

        var width = Math.Min(side, whole.Width);
        Assert.Equal((width, whole.Height * width / whole.Width), (small.Width, small.Height));
        Assert.Equal((whole.HasAlpha, whole.Maximum), (small.HasAlpha, small.Maximum));
        (await client.ConvertAsync(file, "side=0")).MustBeProblem(HttpStatusCode.BadRequest, "invalid-parameters");
    }

    private async Task<ConverterResponse> ConvertAsync(byte[] file)
    {
        var result = await (await converters.ClientAsync("thumbnail")).ConvertAsync(file, Display);
        Assert.Equal(HttpStatusCode.OK, result.Status);
        return result;
    }

    /// <summary>As a browser shows it on an ordinary screen.</summary>
    private static Pixels InSrgb(byte[] file)
    {
        using var opened = Pixels.Open(file);
        using var shown = GeneratedImages.ProfileOf(file) is null
            ? opened.Copy()
            : opened.IccTransform("srgb", embedded: true, intent: Enums.Intent.Relative);
        return Pixels.Of(shown);
    }

    /// <summary>Red from left to right, green from top to bottom; alpha, if any, is a half.</summary>
    private static Image Gradient(int width, int height, int bands)
    {
        using var coordinates = Image.Xyz(width, height);
        using var scaled = coordinates.Linear([255.0 / width, 255.0 / height], [0, 0]);
        using var coloured = scaled.Bandjoin(128.0);
        using var joined = bands == 4 ? coloured.Bandjoin(127.0) : coloured.Copy();
        using var bytes = joined.Cast(Enums.BandFormat.Uchar);
        return bytes.Copy(interpretation: Enums.Interpretation.Srgb);
    }
}
