using System.Buffers.Binary;
using System.Net;
using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;

namespace ImageEditor.Converters.ContractTests.Suite;

/// <summary>Whole files of kinds that are not read: the reason is the true one, and the same from every converter.</summary>
public sealed class UnreadKindTests(RunningConverters converters)
{
    private const string Damage = "damaged";

    /// <summary>Files, with words that the refusal has: what is wrong, and what to do.</summary>
    internal static readonly (string What, byte[] File, string Reason, string Advice)[] Kinds =
    [
        ("TIFF of two sizes", FieldFiles.Read("pages-two-sizes.tif"), "pages of different sizes", "each page"),
        ("TIFF in ZSTD", FieldFiles.Read("zstd.tif"), "compressed in a way", "LZW or Deflate"),
        ("JPEG of 12 bits", FieldFiles.Read("precision-12.jpg"), "other than 8 bits", "JPEG of 8 bits"),
        ("hierarchical JPEG", OfProcess(0xC5), "rare kind of JPEG", "usual JPEG"),
        ("lossless arithmetic-coded JPEG", OfProcess(0xCB), "rare kind of JPEG", "usual JPEG"),
        ("TIFF of 12 bits", FieldFiles.Read("grey-12bit.tif"), "12 bits per sample", "8 and 16"),
        ("TIFF in LERC", Tiff(1, 8, 1, [1, 2, 3], compression: 34887), "compressed in a way", "LZW or Deflate"),
        ("TIFF in LZMA", Tiff(1, 8, 1, [1, 2, 3], compression: 34925), "compressed in a way", "LZW or Deflate"),
        ("TIFF in JPEG 2000", Tiff(2, 8, 3, [1, 2, 3], compression: 34712), "compressed in a way", "LZW or Deflate"),
        ("TIFF in an unknown compression", Tiff(2, 8, 3, [1, 2, 3], compression: 999), "compressed in a way", "LZW or Deflate"),
        ("TIFF of floating point", Tiff(1, 32, 1, new byte[768], more: (339, [3])), "type", "8 or 16 bits"),
        ("TIFF of signed numbers", Tiff(1, 8, 1, new byte[192], more: (339, [2])), "type", "8 or 16 bits"),
        ("TIFF of 8, 8 and 16 bits", OfBits(8, 8, 16), "different kinds", "8 or 16 bits in each"),
        ("TIFF of two types of numbers", Tiff(2, 8, 3, HandmadeTiff.Rgb(), more: (339, [1, 3, 1])), "different kinds", "8 or 16 bits"),
        ("TIFF of a transparency mask", Tiff(4, 1, 1, new byte[24], more: (254, [4])), "transparency mask", "alpha channel"),
        ("TIFF with a transparency mask", WithMask(), "transparency mask", "alpha channel"),
        ("TIFF of a grey and a coloured page", OfTwoKinds(), "pages of different kinds", "each page"),
        ("TIFF of white as 0 and multiplied", Tiff(0, 8, 2, new byte[384], extra: [1]), "white as 0", "black as 0"),
        ("TIFF of Lab with 8 bits", Tiff(8, 8, 3, HandmadeTiff.Rgb()), "Lab of 8 bits", "RGB"),
        ("TIFF of Lab with alpha", Tiff(8, 16, 4, new byte[1536], extra: [2]), "Lab beside alpha", "RGB"),
        ("TIFF of ICC Lab", Tiff(9, 8, 3, HandmadeTiff.Rgb()), "ICC or ITU Lab", "RGB"),
        ("TIFF of bare YCbCr", Tiff(6, 8, 3, HandmadeTiff.Rgb(), more: (530, [1, 1])), "YCbCr without compression", "RGB"),
        ("TIFF of six inks", Tiff(5, 8, 6, new byte[1152]), "6 channels", "fewer"),
        ("TIFF of unknown colours", Tiff(77, 8, 1, new byte[192]), "colours in a way", "grey, RGB"),
        ("AVIF cut apart", HandmadeAvif.CutApart(), "cuts its colours and its alpha differently", "Save it anew"),
        ("AVIF with too large an alpha", HandmadeAvif.LargeAlpha(), "more memory or more parts", "plain picture"),
        ("AVIF with an alpha of any size", HandmadeAvif.AlphaOfAnySize(), "does not say how large its alpha is", "Save it anew"),
        ("AVIF of a tile that is used again and again", HandmadeAvif.TileUsed(7), "more memory or more parts", "plain picture"),
        ("AVIF of pictures over one another", HandmadeAvif.Overlay(16_000, 16_000), "uses a feature of its format", "plain picture"),
        ("AVIF of itself", HandmadeAvif.TileOfItself(), "more memory or more parts", "plain picture"),
        ("PNG with a profile of 60 MB", Bombs.PngWithProfile(60_000_000), "colour profile of more than 8 MB", "sRGB"),
    ];

    [Theory]
    [MemberData(nameof(ConverterUnderTest.ReaderNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_KindThatIsNotRead_Is422WithTheTrueReason(string name)
    {
        var client = await converters.ClientAsync(name);
        foreach (var (what, file, reason, advice) in Kinds)
        {
            // An internal converter takes the first page only.
            if (name == "thumbnail" && what is "TIFF of two sizes" or "TIFF of a grey and a coloured page")
            {
                continue;
            }

            var detail = (await client.ConvertAsync(file)).MustBeProblem(HttpStatusCode.UnprocessableEntity, "not-decodable");

            Assert.DoesNotContain(Damage, detail, StringComparison.Ordinal);
            Assert.True(
                detail.Contains(reason, StringComparison.Ordinal) && detail.Contains(advice, StringComparison.Ordinal),
                $"{what}: {detail}");
        }
    }

    /// <summary>The library would ask for gigabytes to read them into.</summary>
    [Theory]
    [InlineData("flip-horizontal")]
    [InlineData("pixelate")]
    public async Task Convert_TiffThatSaysMoreBitsThanItHas_IsDamaged(string name)
    {
        var client = await converters.ClientAsync(name);
        var file = Tiff(2, 8, 3, HandmadeTiff.Rgb());

        // BitsPerSample, three 16-bit numbers.
        var entry = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[2, 1, 3, 0, 3, 0, 0, 0]);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(entry + 4), 0x4000_0000);

        var detail = (await client.ConvertAsync(file)).MustBeProblem(HttpStatusCode.UnprocessableEntity, "not-decodable");

        Assert.Contains(Damage, detail, StringComparison.Ordinal);
    }

    /// <summary>What is said is the same wherever it is said: the sentences of converters in Node.js are copies.</summary>
    [Fact]
    public async Task Convert_KindThatIsNotRead_IsRefusedInTheSameWordsByAll()
    {
        var (one, other) = (await converters.ClientAsync("flip-horizontal"), await converters.ClientAsync("pixelate"));
        foreach (var (what, file, _, _) in Kinds.Where(kind => !kind.What.Contains("floating", StringComparison.Ordinal)
            && !kind.What.Contains("signed", StringComparison.Ordinal)))
        {
            var words = (await one.ConvertAsync(file)).MustBeProblem(HttpStatusCode.UnprocessableEntity, "not-decodable");
            var copies = (await other.ConvertAsync(file)).MustBeProblem(HttpStatusCode.UnprocessableEntity, "not-decodable");

            Assert.Equal((what, words), (what, copies));
        }
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.ReaderNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_CameraRaw_Is415ThatSaysToDevelopIt(string name)
    {
        var client = await converters.ClientAsync(name);
        byte[][] files =
        [
            FieldFiles.Read("camera-raw-thumbnail-first.dng"),
            Tiff(32803, 16, 1, new byte[384]),
            Tiff(2, 8, 3, HandmadeTiff.Rgb(), more: (50706, [1, 4])),
            Tiff(1, 8, 1, new byte[192], compression: 34713),
        ];
        foreach (var file in files)
        {
            var detail = (await client.ConvertAsync(file)).MustBeProblem(HttpStatusCode.UnsupportedMediaType, "not-an-image");

            Assert.Contains("camera raw", detail, StringComparison.Ordinal);
            Assert.Contains("Develop it first", detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("flip-horizontal")]
    [InlineData("pixelate")]
    public async Task Convert_TiffWithThumbnails_IsConvertedWithoutThem(string name)
    {
        var client = await converters.ClientAsync(name);
        var page = new HandmadeTiff.Page(2, 8, 3, HandmadeTiff.Rgb());
        HandmadeTiff.Page Thumbnail(int tag, int kind) =>
            new(2, 8, 3, HandmadeTiff.Rgb()[..(8 * 12 * 3)], More: [(tag, [kind])]) { PageWidth = 8 };
        HandmadeTiff.Page[][] files =
        [
            [page, Thumbnail(254, 1)],
            [Thumbnail(254, 1), page],
            [page, Thumbnail(255, 2), page],
            [Thumbnail(254, 1), page, Thumbnail(254, 1), page, Thumbnail(254, 1)],
        ];
        var query = name == "pixelate" ? "size=2" : "";
        foreach (var pages in files)
        {
            var pictures = pages.Where(one => one.PageWidth == HandmadeTiff.Width).ToArray();
            var expected = Pixels.Of(await client.ConvertedAsync(HandmadeTiff.File(pictures), query));

            var result = Pixels.Of(await client.ConvertedAsync(HandmadeTiff.File(pages), query));

            Assert.Equal(pictures.Length, result.Frames);
            Assert.Equal(0, result.MeanDifference(expected));
        }

        Assert.Equal(8, Pixels.Of(await client.ConvertedAsync(HandmadeTiff.File(Thumbnail(254, 1)), query)).Width);
    }

    [Theory]
    [InlineData("flip-horizontal")]
    [InlineData("pixelate")]
    [InlineData("thumbnail")]
    public async Task Convert_TiffChannels_AreAlphaOnlyWhereTheFileSaysSo(string name)
    {
        var client = await converters.ClientAsync(name);
        var inks = HandmadeTiff.Samples((_, _) => [40, 80, 120, 30, 77]);
        (string What, byte[] File, double[] First, double? Alpha)[] files =
        [
            ("unspecified", Tiff(2, 8, 4, HandmadeTiff.Rgb(77), extra: [0]), [64, 60, 90], null),
            ("unsaid", Tiff(2, 8, 4, HandmadeTiff.Rgb(77)), [64, 60, 90], null),
            ("alpha", Tiff(2, 8, 4, HandmadeTiff.Rgb(77), extra: [2]), [64, 60, 90], 77),
            ("alpha after another", Tiff(2, 8, 5, HandmadeTiff.Rgb(77, 99), extra: [0, 2]), [64, 60, 90], 99),
            ("alpha before another", Tiff(2, 8, 5, HandmadeTiff.Rgb(77, 99), extra: [2, 0]), [64, 60, 90], 77),
            ("multiplied by alpha", Tiff(2, 8, 4, HandmadeTiff.Samples((_, _) => [64, 32, 16, 128]), extra: [1]), [127, 63, 31], 128),
            ("grey and unspecified", Tiff(1, 8, 2, HandmadeTiff.Samples((x, _) => [(byte)(x * 16), 77]), extra: [0]), [64, 64, 64], null),
            ("inks and unspecified", Tiff(5, 8, 5, inks, extra: [0]), [190, 154, 119], null),
            ("inks and alpha", Tiff(5, 8, 5, inks, extra: [2]), [190, 154, 119], 77),
        ];
        var query = name switch { "pixelate" => "size=2&format=png", "thumbnail" => "", _ => "format=png" };
        foreach (var (what, file, first, alpha) in files)
        {
            var result = Pixels.Of(await client.ConvertedAsync(file, query));

            // Pixels 4 and 5 of row 3, and their mirror images, in a mosaic of two by two.
            var x = name == "flip-horizontal" ? HandmadeTiff.Width - 1 - 4 : 4;
            Assert.True(result.HasAlpha == alpha is not null, what);
            for (var channel = 0; channel < 3; channel++)
            {
                Assert.True(Math.Abs(result.At(x, 3, channel) - first[channel]) <= 20, $"{what}: {result.At(x, 3, channel)}");
            }

            Assert.True(alpha is null || Math.Abs(result.At(x, 3, Pixels.Alpha) - alpha.Value) <= 2, what);
        }
    }

    [Theory]
    [InlineData("flip-horizontal")]
    [InlineData("pixelate")]
    public async Task Convert_LabTiff_IsTheColourThatItSays(string name)
    {
        var client = await converters.ClientAsync(name);

        // L 50, a 40, b 20, in 16 bits; by CIE's formulas and D65 that is the sRGB below.
        byte[] pixel = [0xFF, 0x7F, 0, 40, 0, 20];
        var file = Tiff(8, 16, 3, [.. Enumerable.Repeat(pixel, 192).SelectMany(sample => sample)]);

        var result = Pixels.Of(await client.ConvertedAsync(file, "format=png"));

        Assert.Equal(ushort.MaxValue, result.Maximum);
        var colour = Enumerable.Range(0, 3).Select(channel => result.At(8, 6, channel) / 257.0).ToArray();
        Assert.Equal([188, 88.4, 87.1], colour, (one, other) => Math.Abs(one - other) < 1);
    }

    private static byte[] Tiff(
        int photometric,
        int bits,
        int channels,
        byte[] data,
        int compression = 1,
        int[]? extra = null,
        params (int Tag, int[] Values)[] more) =>
        HandmadeTiff.File(new HandmadeTiff.Page(photometric, bits, channels, data, compression, extra, more));

    private static byte[] OfBits(params int[] bits) =>
        HandmadeTiff.File(new HandmadeTiff.Page(2, 8, 3, new byte[768]) { BitsOfEach = bits });

    private static byte[] WithMask() => HandmadeTiff.File(
        new HandmadeTiff.Page(2, 8, 3, HandmadeTiff.Rgb()), new HandmadeTiff.Page(4, 1, 1, new byte[24], More: (254, [4])));

    private static byte[] OfTwoKinds() =>
        HandmadeTiff.File(new HandmadeTiff.Page(1, 8, 1, new byte[192]), new HandmadeTiff.Page(2, 8, 3, HandmadeTiff.Rgb()));

    /// <summary>A usual JPEG that says to be of another process.</summary>
    private static byte[] OfProcess(byte marker)
    {
        var file = FieldFiles.Read("plain.jpg");
        file[file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]) + 1] = marker;
        return file;
    }
}
