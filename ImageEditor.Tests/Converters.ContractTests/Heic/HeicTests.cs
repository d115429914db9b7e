using System.Net;
using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;
using NetVips;

namespace ImageEditor.Converters.ContractTests.Heic;

/// <summary>What the converter of HEIC makes of pictures, against what libheif's own programs make of them.</summary>
public sealed class HeicTests(RunningConverters converters)
{
    /// <summary>What a value may differ by, of 255 or of 1023.</summary>
    private const double Near = 2;

    private static readonly Dictionary<string, Func<byte[]>> All = new(HandmadeHeic.Encoded.Concat(HandmadeHeic.Files));

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Convert_Picture_IsWhatLibheifMakesOfIt(string name)
    {
        var file = All[name]();
        var expected = Pixels.Of(WithoutExif(HeifTools.Decode(file)));

        var result = Pixels.Of(await (await converters.ClientAsync("heic")).ConvertedAsync(file));

        Assert.Equal((expected.Width, expected.Height), (result.Width, result.Height));
        Assert.Equal(name.Contains("10 bits", StringComparison.Ordinal) || name == "12 bits", result.Maximum == 65535);
        Assert.Equal(name.Contains("alpha", StringComparison.Ordinal), result.HasAlpha);
        Assert.Equal(name == "grey", result.IsGrey);
        var tolerance = Near / (result.Maximum == 65535 ? 1023 : 255);
        result.MustBeNear(
            (x, y, channel) => (double)expected.At(x, y, channel) / expected.Maximum * result.Maximum, tolerance * result.Maximum);
    }

    /// <summary>libheif's own program turns the picture as the file says, and gives EXIF on: it would be turned again.</summary>
    private static byte[] WithoutExif(byte[] png)
    {
        using var image = Image.NewFromBuffer(png);
        return image.PngsaveBuffer(keep: Enums.ForeignKeep.Icc);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task InspectHeic_Picture_SaysWhatItIs(string name)
    {
        var file = All[name]();
        var result = Pixels.Of(await (await converters.ClientAsync("heic")).ConvertedAsync(file));

        var info = ImageInspector.InspectHeic(file).Info!;

        Assert.Equal("image/heic", info.MediaType);
        Assert.Equal((result.Width, result.Height, 1), (info.Width, info.Height, info.Frames));
        Assert.Equal((result.HasAlpha ? 4 : 3, result.Maximum == 65535 ? 2 : 1), (info.MaxChannels, info.MaxBytesPerChannel));
        Assert.False(ImageInspector.Inspect(file).IsAccepted);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void File_OfTheTests_IsReadByLibheif(string name)
    {
        var file = All[name]();

        var said = HeifTools.Info(file);

        var info = ImageInspector.InspectHeic(file).Info!;

        // It decodes no more of a piece than there is, and says its whole size.
        var (width, height) = name == "clap over the edges" ? (60, 30) : (info.Width, info.Height);
        Assert.Contains($"image: {width}x{height} (id=", said, StringComparison.Ordinal);
        Assert.Contains(info.MaxChannels == 4 ? "alpha channel: yes" : "alpha channel: no", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Convert_DisplayP3_KeepsItsProfile()
    {
        var client = await converters.ClientAsync("heic");
        using var original = Image.NewFromBuffer(HandmadeHeic.Png(16, 16, bands: 3, profile: "p3"));
        var file = HandmadeHeic.Encoded["Display P3"]();

        using var png = Image.NewFromBuffer(await client.ConvertedAsync(file));
        using var jpeg = Image.NewFromBuffer(await client.ConvertedAsync(file, "format=jpeg"));

        Assert.Equal((byte[])original.Get("icc-profile-data"), (byte[])png.Get("icc-profile-data"));
        Assert.Equal((byte[])original.Get("icc-profile-data"), (byte[])jpeg.Get("icc-profile-data"));
    }

    /// <summary>What says by numbers that it is Display P3 looks like what says so by a profile.</summary>
    [Fact]
    public async Task Convert_NclxOfDisplayP3_LooksLikeThatProfile()
    {
        var client = await converters.ClientAsync("heic");
        using var coded = Image.NewFromBuffer(await client.ConvertedAsync(HandmadeHeic.Files["nclx Display P3"]()));
        using var plain = Image.NewFromBuffer(await client.ConvertedAsync(HandmadeHeic.Small));

        using var shown = coded.IccTransform("srgb", embedded: true, intent: Enums.Intent.Relative);
        using var expected = plain.IccTransform("srgb", inputProfile: "p3", intent: Enums.Intent.Relative);

        Assert.False(plain.Contains("icc-profile-data"));
        using var difference = (shown - expected).Abs();
        using var without = (plain - expected).Abs();
        Assert.InRange(difference.Avg(), 0, 0.5);
        Assert.InRange(without.Avg(), 2, 255);
    }

    [Fact]
    public async Task Convert_NothingSeen_IsBlack()
    {
        var client = await converters.ClientAsync("heic");

        var result = Pixels.Of(await client.ConvertedAsync(HandmadeHeic.Encoded["alpha"]()));

        var hidden = Enumerable.Range(0, result.Width * result.Height).Where(i => result.Values[(4 * i) + 3] == 0).ToList();
        Assert.NotEmpty(hidden);
        Assert.All(hidden, i => Assert.Equal([0, 0, 0], result.Values[(4 * i)..((4 * i) + 3)]));
    }

    /// <summary>libheif gives colours as they are stored.</summary>
    [Fact]
    public async Task Convert_ColoursMultipliedByAlpha_AreDividedByIt()
    {
        var file = HeifTools.Encode(HandmadeHeic.Png(HandmadeHeic.Width, HandmadeHeic.Height, bands: 4), "--premultiplied-alpha");
        var stored = Pixels.Of(HeifTools.Decode(file));

        var result = Pixels.Of(await (await converters.ClientAsync("heic")).ConvertedAsync(file));

        // Where little is seen, a rounding of what is stored is much.
        result.MustBeNear(
            (x, y, channel) => (channel, stored.At(x, y, Pixels.Alpha)) switch
            {
                (Pixels.Alpha, var alpha) => alpha,
                (_, < 128) => result.At(x, y, channel),
                var (_, alpha) => Math.Min(255, stored.At(x, y, channel) * 255d / alpha),
            },
            2 * Near);
    }

    [Fact]
    public async Task Convert_ToJpeg_PutsItOnWhite()
    {
        var client = await converters.ClientAsync("heic");
        var file = HandmadeHeic.Encoded["alpha, 10 bits"]();
        var png = Pixels.Of(await client.ConvertedAsync(file));

        var answer = await client.ConvertAsync(file, "format=jpeg");

        Assert.Equal((HttpStatusCode.OK, "image/jpeg"), (answer.Status, answer.MediaType));
        var jpeg = Pixels.Of(answer.Body);
        Assert.Equal((png.Width, png.Height, 255), (jpeg.Width, jpeg.Height, jpeg.Maximum));
        Assert.InRange(jpeg.At(0, 0, 0), 250, 255);
    }

    [Fact]
    public async Task Convert_NoHeic_Is415()
    {
        var client = await converters.ClientAsync("heic");
        byte[][] bodies =
        [
            [], [0xFF], "Hello, this is text."u8.ToArray(), GeneratedImages.Small("png"), GeneratedImages.Small("jpg"),
            GeneratedImages.Small("avif"), [0, 0, 0, 0x18, .. "ftypisom"u8, 0, 0, 0, 0, .. "isomavc1"u8],
        ];
        foreach (var body in bodies)
        {
            (await client.ConvertAsync(body)).MustBeProblem(HttpStatusCode.UnsupportedMediaType, "not-an-image");
        }
    }
}
