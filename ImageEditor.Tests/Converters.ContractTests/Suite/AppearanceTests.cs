using System.Buffers.Binary;
using System.Net;
using System.Text;
using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;
using ImageEditor.Converters.Images.Containers;
using NetVips;

namespace ImageEditor.Converters.ContractTests.Suite;

/// <summary>Results look like their originals beside them, in the browser that shows both.</summary>
public sealed class AppearanceTests(RunningConverters converters)
{
    /// <summary>Of 255: encoders and a mosaic of two pixels round, and small pictures have many edges.</summary>
    private const double Rounding = 5.5;

    public static TheoryData<string> AvifContainers => [.. HandmadeAvif.Files.Keys];

    public static TheoryData<string> Colours =>
        [.. PngColours.Select(colours => colours.Name), "gama-linear.png", "cicp-p3.png", "icc-corrupt-tags.jpg", "avif-premultiplied.avif",
            "avif-irot2-alpha-without-irot.avif", "CMYK", "YCCK", "CMYK with a profile", "GIF without control block"];

    private static (string Name, int Type, byte[] Chunks)[] PngColours =>
    [
        ("gamma 1", 2, Gamma(100_000)),
        ("gamma 1.8", 2, Gamma(55_555)),
        ("gamma 2.2", 2, Gamma(45_455)),
        ("gamma 2.2 with P3's primaries", 2, [.. Gamma(45_455), .. Primaries()]),
        ("P3's primaries alone", 2, Primaries()),
        ("gamma 1 and sRGB", 2, [.. Gamma(100_000), .. Bombs.Chunk("sRGB", [0])]),
        ("coded P3", 2, Coded(12, 13)),
        ("coded BT.2020", 2, Coded(9, 1)),
        ("coded linear", 2, Coded(1, 8)),
        ("coded P3 beside gamma", 2, [.. Coded(12, 13), .. Gamma(100_000)]),
        ("coded with limited range", 2, Bombs.Chunk("cICP", [12, 13, 0, 0])),
        ("unknown codes", 2, Coded(2, 2)),
        ("gamma with a wrong checksum", 2, [.. Gamma(100_000)[..^1], 0]),
        ("grey with gamma 1", 0, Gamma(100_000)),
        ("coded linear grey", 0, Coded(1, 8)),
        ("alpha with gamma 1", 6, Gamma(100_000)),
        ("palette with gamma 1", 3, Gamma(100_000)),
    ];

    [Theory]
    [MemberData(nameof(Colours))]
    public async Task Convert_Colours_LookAsTheOriginalDoes(string name) => await MustLookAlikeAsync(name, name switch
    {
        "CMYK" => Cmyk(),
        "YCCK" => Cmyk(isYcck: true),
        "CMYK with a profile" => Cmyk(profile: GeneratedImages.ProfileOf(Photos.Read("gen_coffee_cmyk.jpg"))),
        "GIF without control block" => GifWithoutControlBlock(),
        _ when name.Contains('.', StringComparison.Ordinal) && PngColours.All(colours => colours.Name != name) => FieldFiles.Read(name),
        _ => Png(PngColours.Single(colours => colours.Name == name)),
    });

    [Theory]
    [MemberData(nameof(AvifContainers))]
    public Task Convert_AvifContainer_LooksAsTheOriginalDoes(string name) => MustLookAlikeAsync(name, HandmadeAvif.Files[name]());

    [Theory]
    [InlineData("flip-horizontal")]
    [InlineData("pixelate")]
    public async Task Convert_ProfileThatIsOfNoUse_IsDropped(string name)
    {
        var client = await converters.ClientAsync(name);

        Assert.Null(GeneratedImages.ProfileOf(await client.ConvertedAsync(FieldFiles.Read("icc-corrupt-tags.jpg"))));
        Assert.NotNull(GeneratedImages.ProfileOf(await client.ConvertedAsync(FieldFiles.Read("cicp-p3.png"))));
        Assert.NotNull(GeneratedImages.ProfileOf(await client.ConvertedAsync(GeneratedImages.File(GeneratedImages.WideGamut(8), "png"))));
    }

    /// <summary>Profiles that look right at first: a colour is computed without them, and they are not copied on.</summary>
    [Theory]
    [InlineData("flip-horizontal")]
    [InlineData("pixelate")]
    [InlineData("grayscale")]
    public async Task Convert_ProfileThatIsSpoiled_IsAsGoodAsNone(string name)
    {
        var client = await converters.ClientAsync(name);
        using var plain = GeneratedImages.Gradient(16, 16);
        var expected = Pixels.Of(await client.ConvertedAsync(plain.JpegsaveBuffer(), "format=png"));
        foreach (var (what, profile) in SpoiledProfiles())
        {
            using var spoiled = plain.Mutate(image => image.Set(GValue.BlobType, "icc-profile-data", profile));

            var answer = await client.ConvertAsync(spoiled.JpegsaveBuffer(), "format=png");

            Assert.True(answer.Status == HttpStatusCode.OK, $"{what}: {answer.Text}");
            Assert.True(GeneratedImages.ProfileOf(answer.Body) is null, what);
            Assert.True(Pixels.Of(answer.Body).MeanDifference(expected) == 0, what);
        }
    }

    private static IEnumerable<(string What, byte[] Profile)> SpoiledProfiles()
    {
        var curve = Tag("rTRC");
        yield return ("curve of an unknown kind", Spoiled(curve + 9, 9));
        yield return ("curve that ends too early", Spoiled(curve, [.. "curv\0\0\0\0\0\u0001\0\0"u8]));
        yield return ("colour that is none", Spoiled(Tag("gXYZ"), [.. "text"u8]));
        yield return ("link between devices", Spoiled(12, [.. "link"u8]));
        yield return ("names of colours", Spoiled(12, [.. "nmcl"u8]));
        yield return ("from RGB to RGB", Spoiled(20, [.. "RGB "u8]));

        // The place of each byte is that of the type that it is in.
        yield return ("table for inks", WithTables(("A2B0", Changed(Table("mft1"), 8, 4))));
        yield return ("table to four channels", WithTables(("A2B0", Changed(Table("mft2"), 9, 4))));
        yield return ("table of a grid of one point", WithTables(("A2B0", Changed(Table("mft1"), 10, 1))));
        yield return ("table of a larger grid than there is", WithTables(("A2B0", Changed(Table("mft2"), 10, 9))));
        yield return ("table of more entries than there are", WithTables(("A2B0", Changed(Table("mft2"), 48, 16))));
        yield return ("table that ends too early", WithTables(("A2B0", Table("mft1")[..400])));
        yield return ("table of an unknown kind", WithTables(("A2B0", Changed(Table("mft1"), 3, (byte)'9'))));
        yield return ("table whose curves lie outside", WithTables(("A2B0", Changed(Table("mAB "), 13, 1))));
        yield return ("table whose grid lies outside", WithTables(("A2B0", Changed(Table("mAB "), 24, 1))));
        yield return ("table whose grid is larger than there is", WithTables(("A2B0", Changed(Table("mAB "), GridOfParts, 200))));
        yield return ("table whose curves are none", WithTables(("A2B0", Changed(Table("mAB "), 32, (byte)'x'))));
        yield return ("the better of two tables", WithTables(("A2B0", Table("mft2")), ("A2B1", Changed(Table("mft2"), 10, 1))));
        yield return ("said twice", WithTables(("A2B0", Table("mft2")), ("A2B0", Table("mft2"))));

        static byte[] Profile() => IccProfile.Create(new RgbColours(RgbPrimaries.Srgb, ToneCurve.Power(1.8)), isGrey: false);

        static byte[] Spoiled(int at, params byte[] bytes)
        {
            var profile = Profile();
            bytes.CopyTo(profile, at);
            return profile;
        }

        static int Tag(string name)
        {
            var profile = Profile();
            return BinaryPrimitives.ReadInt32BigEndian(profile.AsSpan(profile.AsSpan().IndexOf(Encoding.ASCII.GetBytes(name)) + 4));
        }
    }

    /// <summary>Tables are as good as curves.</summary>
    [Theory]
    [InlineData("flip-horizontal")]
    [InlineData("pixelate")]
    public async Task Convert_ProfileOfTables_IsKept(string name)
    {
        var client = await converters.ClientAsync(name);
        using var plain = GeneratedImages.Gradient(16, 16);
        foreach (var type in (string[])["mft1", "mft2", "mAB "])
        {
            var profile = WithTables(("A2B0", Table(type)));
            using var described = plain.Mutate(image => image.Set(GValue.BlobType, "icc-profile-data", profile));

            var answer = await client.ConvertedAsync(described.JpegsaveBuffer(), "format=png");

            Assert.Equal(profile, GeneratedImages.ProfileOf(answer));
        }
    }

    /// <summary>A profile of RGB with tables alone.</summary>
    private static byte[] WithTables(params (string Name, byte[] Data)[] tags)
    {
        var header = IccProfile.Create(new RgbColours(RgbPrimaries.Srgb, ToneCurve.Power(1.8)), isGrey: false)[..128];
        var start = header.Length + 4 + (12 * tags.Length);
        byte[] profile =
        [
            .. header, .. Big32(tags.Length),
            .. tags.SelectMany((tag, i) => (byte[])
            [
                .. Encoding.ASCII.GetBytes(tag.Name),
                .. Big32(start + tags[..i].Sum(before => before.Data.Length)), .. Big32(tag.Data.Length),
            ]),
            .. tags.SelectMany(tag => tag.Data),
        ];
        Big32(profile.Length).CopyTo(profile, 0);
        return profile;
    }

    /// <summary>Where the grid begins in a table of parts, after three curves of 16 bytes.</summary>
    private const int GridOfParts = 32 + 48;

    /// <summary>A table of a type that turns red, green and blue into numbers in the same order.</summary>
    private static byte[] Table(string type)
    {
        byte[] start = [.. Encoding.ASCII.GetBytes(type), 0, 0, 0, 0, 3, 3];
        byte[] straight = [.. "para"u8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0];
        byte[] corners =
            [.. Enumerable.Range(0, 8).SelectMany(i => Enumerable.Range(0, 3).Select(axis => (byte)(((i >> (2 - axis)) & 1) * 100)))];
        byte[] ramp = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        byte[] matrix = [.. Enumerable.Range(0, 9).SelectMany(i => Big32(i % 4 == 0 ? 65_536 : 0))];
        byte[] deep = [.. corners.SelectMany(value => (byte[])[value, 0])];
        return type switch
        {
            "mft1" => [.. start, 2, 0, .. matrix, .. ramp, .. ramp, .. ramp, .. corners, .. ramp, .. ramp, .. ramp],
            "mft2" =>
            [
                .. start, 2, 0, .. matrix, 0, 2, 0, 2, .. Enumerable.Repeat((byte[])[0, 0, 255, 255], 3).SelectMany(pair => pair), .. deep,
                .. Enumerable.Repeat((byte[])[0, 0, 255, 255], 3).SelectMany(pair => pair),
            ],
            _ =>
            [
                .. start, 0, 0, .. Big32(32), .. Big32(0), .. Big32(0), .. Big32(GridOfParts), .. Big32(32),
                .. straight, .. straight, .. straight, 2, 2, 2, .. new byte[13], 1, 0, 0, 0, .. corners,
            ],
        };
    }

    private static byte[] Changed(byte[] table, int at, byte value)
    {
        table[at] = value;
        return table;
    }

    private async Task MustLookAlikeAsync(string what, byte[] file)
    {
        var flipped = await (await converters.ClientAsync("flip-horizontal")).ConvertedAsync(file, "format=png");
        var webp = await (await converters.ClientAsync("flip-horizontal")).ConvertedAsync(file, "format=webp");
        var mosaic = await (await converters.ClientAsync("pixelate")).ConvertedAsync(file, "size=2&format=png");
        var thumbnail = await (await converters.ClientAsync("thumbnail")).ConvertedAsync(file);
        using var result = Pixels.Open(flipped);

        var views = await BrowserView.OfAsync(
            result.Width, result.Height, (file, false), (flipped, true), (webp, true), (mosaic, false), (thumbnail, false));

        string[] makers = ["original", "flip-horizontal", "flip-horizontal as WebP", "pixelate", "thumbnail"];
        for (var i = 1; i < views.Length; i++)
        {
            var difference = BrowserView.MeanDifference(views[0], views[i]);
            Assert.True(difference < Rounding, $"{what} by {makers[i]}: {difference:0.0}");
        }
    }

    /// <summary>Large patches of a few colours.</summary>
    private static byte[] Png((string Name, int Type, byte[] Chunks) colours)
    {
        var channels = colours.Type switch { 0 => 1, 2 or 3 => 3, _ => 4 };
        byte[][] patches = [[180, 100, 60, 255], [60, 140, 200, 160], [200, 200, 40, 200], [90, 90, 90, 100]];
        var pixels = new List<byte>();
        for (var y = 0; y < 32; y++)
        {
            for (var x = 0; x < 32; x++)
            {
                pixels.AddRange(patches[(x / 16) + (2 * (y / 16))][..channels]);
            }
        }

        using var image = Image.NewFromMemory(pixels.ToArray(), 32, 32, channels, Enums.BandFormat.Uchar)
            .Copy(interpretation: channels == 1 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
        var png = image.PngsaveBuffer(palette: colours.Type == 3);
        return [.. png[..33], .. colours.Chunks, .. png[33..]];
    }

    private static byte[] Gamma(int value) => Bombs.Chunk("gAMA", Big32(value));

    private static byte[] Coded(byte primaries, byte transfer) => Bombs.Chunk("cICP", [primaries, transfer, 0, 1]);

    /// <summary>White of D65, and Display P3's red, green and blue.</summary>
    private static byte[] Primaries() => Bombs.Chunk(
        "cHRM", [.. ((int[])[31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000]).SelectMany(Big32)]);

    private static byte[] Big32(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>A JPEG of four inks; with YCCK they are stored as brightness, two colours and black.</summary>
    private static byte[] Cmyk(bool isYcck = false, byte[]? profile = null)
    {
        byte[][] patches = [[20, 200, 180, 30], [200, 60, 10, 0], [90, 90, 90, 90], [0, 0, 0, 255]];
        var sides = Enumerable.Range(0, 32);
        byte[] pixels = [.. from y in sides from x in sides from ink in patches[(x / 16) + (2 * (y / 16))] select ink];
        using var image = Image.NewFromMemory(pixels, 32, 32, 4, Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Cmyk);
        using var profiled = profile is null
            ? image.Copy()
            : image.Mutate(mutable => mutable.Set(GValue.BlobType, "icc-profile-data", profile));
        var keep = profile is null ? Enums.ForeignKeep.None : Enums.ForeignKeep.Icc;
        var file = profiled.JpegsaveBuffer(q: 95, subsampleMode: Enums.ForeignSubsample.Off, keep: keep);
        if (isYcck)
        {
            // Adobe's segment ends with how the inks are stored: 0 as they are, 2 as YCCK. Read so, the same data is other colours.
            var adobe = file.AsSpan().IndexOf("Adobe"u8);
            file[adobe + 11] = 2;
        }

        return file;
    }

    /// <summary>As of 1987, without the extensions that came later.</summary>
    private static byte[] GifWithoutControlBlock()
    {
        var gif = GeneratedImages.Small("gif").ToList();
        for (var at = gif.Count - 8; at >= 0; at--)
        {
            if (gif[at] == 0x21 && gif[at + 1] == 0xF9 && gif[at + 2] == 4)
            {
                gif.RemoveRange(at, 8);
            }
        }

        return [.. gif];
    }
}
