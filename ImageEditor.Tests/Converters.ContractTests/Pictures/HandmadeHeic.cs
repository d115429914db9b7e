using System.Buffers.Binary;
using NetVips;
using static ImageEditor.Converters.ContractTests.Pictures.HeifFile;

namespace ImageEditor.Converters.ContractTests.Pictures;

/// <summary>HEIC files: those that <c>heif-enc</c> writes, and others around what it encoded.</summary>
internal static class HandmadeHeic
{
    public const int Width = 96;
    public const int Height = 64;

    /// <summary>The side of a tile in <see cref="OfTiles"/>.</summary>
    private const int LargeTile = 1024;

    private static readonly Lazy<Item> Plain = new(() => Coded(Encode(3))[0]);
    private static readonly Lazy<IReadOnlyList<Item>> Transparent = new(() => Coded(Encode(4)));
    private static readonly Lazy<Item> Large = new(() => Coded(HeifTools.Encode(Png(LargeTile, LargeTile, bands: 3), "-q", "50"))[0]);

    /// <summary>A small picture.</summary>
    public static byte[] Small { get; } = Encode(3);

    /// <summary>As an encoder writes them.</summary>
    public static IReadOnlyDictionary<string, Func<byte[]>> Encoded { get; } = new Dictionary<string, Func<byte[]>>
    {
        ["8 bits"] = () => Encode(3),
        ["8 bits, of low quality"] = () => Encode(3, "-q", "10"),
        ["8 bits, without loss"] = () => Encode(3, "-L", "-p", "chroma=444", "--matrix_coefficients=0"),
        ["8 bits, full chroma"] = () => Encode(3, "-p", "chroma=444"),
        ["10 bits"] = () => HeifTools.Encode(Png(Width, Height, bands: 3, isDeep: true), "-b", "10"),
        ["12 bits"] = () => HeifTools.Encode(Png(Width, Height, bands: 3, isDeep: true), "-b", "12"),
        ["alpha"] = () => Encode(4),
        ["alpha, 10 bits"] = () => HeifTools.Encode(Png(Width, Height, bands: 4, isDeep: true), "-b", "10"),
        ["grey"] = () => Encode(1),
        ["odd sides"] = () => HeifTools.Encode(Png(97, 63, bands: 3)),
        ["Display P3"] = () => HeifTools.Encode(Png(Width, Height, bands: 3, profile: "p3")),
    };

    /// <summary>With containers of the test's own.</summary>
    public static IReadOnlyDictionary<string, Func<byte[]>> Files { get; } = new Dictionary<string, Func<byte[]>>
    {
        ["irot 1"] = () => Opaque(Irot(1)),
        ["irot 2"] = () => Opaque(Irot(2)),
        ["irot 3"] = () => Opaque(Irot(3)),
        ["imir 0"] = () => Opaque(Imir(0)),
        ["imir 1"] = () => Opaque(Imir(1)),
        ["irot 1, imir 0"] = () => Opaque(Irot(1), Imir(0)),
        ["irot 3, imir 1"] = () => Opaque(Irot(3), Imir(1)),
        ["imir 1, irot 1"] = () => Opaque(Imir(1), Irot(1)),
        ["clap from the corner"] = () => Opaque(Clap(40, 30, -56, -34)),
        ["clap from the middle"] = () => Opaque(Clap(40, 30, 0, 0)),
        ["clap from half a pixel"] = () => Opaque(Clap(41, 31, 0, 0)),
        ["clap over the edges"] = () => Opaque(Clap(60, 30, -80, 70)),
        ["imir 0, clap, irot 3"] = () => Opaque(Imir(0), Clap(41, 30, 7, 9), Irot(3)),
        ["clap from elsewhere, irot 1"] = () => Opaque(Clap(40, 30, 4, -6), Irot(1)),
        ["grid"] = () => Grid(),
        ["grid, irot 1"] = () => Grid(Irot(1)),
        ["grid, clap, irot 3, imir 0"] = () => Grid(Clap(100, 80, 0, 0), Irot(3), Imir(0)),
        ["alpha, irot 1 of both"] = () => WithAlpha([Irot(1)], [Irot(1)]),
        ["nclx Display P3"] = () => Opaque(Nclx(12, 13)),
        ["nclx BT.2020"] = () => Opaque(Nclx(9, 1)),
        ["orientation 6 of EXIF, irot 1"] = () => WithExif(6, Irot(1)),
        ["orientation 6 of EXIF"] = () => WithExif(6),
    };

    /// <summary>
    /// Small files that say to be large, or are larger than they say, or are made of many parts; and what is said of them.
    /// </summary>
    public static IReadOnlyDictionary<string, (Func<byte[]> File, string Problem, string Reason)> Bombs { get; } =
        new Dictionary<string, (Func<byte[]>, string, string)>
        {
            ["60 megapixels said"] = (() => Said(10_000, 6_000), "too-many-pixels", "60,000,000"),
            ["a side of 20,000 said"] = (() => Said(20_000, 10), "side-too-long", "20,000"),
            ["larger than said"] = (() => File([Large.Value.With(Extent(64, 64))]), "not-decodable", "more memory"),
            ["large grid"] = (() => LargeGrid(16_000, 16_000), "not-decodable", "damaged"),
            ["tile used a thousand times"] = (() => TileUsed(25, 40), "not-decodable", "more memory"),
            ["large tile used a hundred times"] = (() => TileUsed(10, 10, 7_000), "not-decodable", "more memory"),
            ["tile of itself"] = (TileOfItself, "not-decodable", "more memory"),
            ["large alpha"] = (() => WithAlpha([], [], Extent(10_000, 10_000)), "not-decodable", "more memory"),
            ["overlay"] = (Overlay, "not-decodable", "feature"),
            ["two pictures in one"] = (Doubled, "not-decodable", "feature"),
            ["50,000 properties"] = (() => OfProperties(50_000), "not-decodable", "more memory"),
        };

    /// <summary>A picture of so many tiles of a megapixel, each coded for itself.</summary>
    /// <param name="columns">Tiles side by side.</param>
    /// <param name="rows">Tiles below one another.</param>
    /// <param name="properties">Of the picture.</param>
    public static byte[] OfTiles(int columns, int rows, params byte[][] properties)
    {
        var (width, height) = (columns * LargeTile, rows * LargeTile);
        var tile = Large.Value.With(Extent(LargeTile, LargeTile)) with { IsHidden = true };
        return File(
            [
                new Item("grid", Layout(columns, rows, width, height), [Extent(width, height), .. properties]),
                .. Enumerable.Repeat(tile, columns * rows),
            ],
            ("dimg", 1, [.. Enumerable.Range(2, columns * rows)]));
    }

    /// <summary>Where the data of the item that is coded begins in <see cref="Small"/>, and how long it is.</summary>
    public static (int Start, int Length) DataOfSmall { get; } =
        (Small.AsSpan().IndexOf(Read(Small)[0].Data), Read(Small)[0].Data.Length);

    /// <summary>A photo-like picture: no two pixels are alike, and colours change slowly. Alpha is nothing, half and all of it.</summary>
    public static byte[] Png(int width, int height, int bands, bool isDeep = false, string? profile = null)
    {
        var maximum = isDeep ? 65535d : 255d;
        var values = new ushort[width * height * bands];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                for (var band = 0; band < bands; band++)
                {
                    var isAlpha = bands is 2 or 4 && band == bands - 1;
                    var value = isAlpha
                        ? Math.Clamp((3d * x / width) - 1, 0, 1)
                        : 0.5 + (0.4 * Math.Sin((x * (band + 1) / 17d) + (y / 11d) + band)) + (((x * 7) + (y * 13)) % 5 / 100d);
                    values[(((y * width) + x) * bands) + band] = (ushort)(maximum * Math.Clamp(value, 0, 1));
                }
            }
        }

        using var image = Image.NewFromMemory(values, width, height, bands, Enums.BandFormat.Ushort);
        using var cast = image.Cast(isDeep ? Enums.BandFormat.Ushort : Enums.BandFormat.Uchar);
        using var named = cast.Copy(interpretation: (bands < 3, isDeep) switch
        {
            (true, true) => Enums.Interpretation.Grey16,
            (true, false) => Enums.Interpretation.Bw,
            (false, true) => Enums.Interpretation.Rgb16,
            _ => Enums.Interpretation.Srgb,
        });
        return profile is null ? named.PngsaveBuffer() : named.PngsaveBuffer(profile: profile);
    }

    private static byte[] Encode(int bands, params string[] options) => HeifTools.Encode(Png(Width, Height, bands), options);

    /// <summary>What was coded, with what a decoder needs to know of it.</summary>
    private static IReadOnlyList<Item> Coded(byte[] file) =>
    [
        .. Read(file).Select(item => item with
        {
            Properties = [.. item.Properties.Where(property => TypeOf(property) is "hvcC" or "pixi")],
        }),
    ];

    private static byte[] File(IReadOnlyList<Item> items, params (string Type, int From, int[] To)[] references) =>
        Write([.. "heic"u8, 0, 0, 0, 0, .. "mif1heic"u8], items, references);

    private static byte[] Opaque(params byte[][] properties) => File([Plain.Value.With([Extent(Width, Height), .. properties])]);

    private static byte[] WithAlpha(byte[][] ofColours, byte[][] ofAlpha, byte[]? alphaExtent = null) => File(
        [
            Transparent.Value[0].With([Extent(Width, Height), .. ofColours]),
            Transparent.Value[1].With([alphaExtent ?? Extent(Width, Height), Auxiliary(), .. ofAlpha]),
        ],
        ("auxl", 2, [1]));

    /// <summary>Four tiles, of which 170 × 110 are seen.</summary>
    private static byte[] Grid(params byte[][] properties)
    {
        var tiles = Enumerable.Range(0, 4).Select(i => Coded(HeifTools.Encode(Png(Width, Height, bands: 3), "-q", $"{30 + (15 * i)}"))[0]
            .With(Extent(Width, Height)) with
        {
            IsHidden = true,
        });
        return File(
            [new Item("grid", Layout(2, 2, 170, 110), [Extent(170, 110), .. properties]), .. tiles], ("dimg", 1, [2, 3, 4, 5]));
    }

    private static byte[] Layout(int columns, int rows, int width, int height) =>
        [0, 1, (byte)(rows - 1), (byte)(columns - 1), .. Big32(width), .. Big32(height)];

    /// <summary>With an EXIF block, in an item of its own: after 4 bytes a TIFF with the one tag.</summary>
    private static byte[] WithExif(byte orientation, params byte[][] properties) => File(
        [
            Plain.Value.With([Extent(Width, Height), .. properties]),
            new Item(
                "Exif",
                [
                    0, 0, 0, 0, .. "MM\0*"u8, 0, 0, 0, 8, 0, 1,
                    0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
                ],
                [])
            { IsHidden = true },
        ],
        ("cdsc", 2, [1]));

    private static byte[] Said(int width, int height) => File([Plain.Value.With(Extent(width, height))]);

    private static byte[] LargeGrid(int width, int height) => File(
        [
            new Item("grid", Layout(1, 1, width, height), [Extent(Width, Height)]),
            Plain.Value.With(Extent(Width, Height)) with { IsHidden = true },
        ],
        ("dimg", 1, [2]));

    private static byte[] TileUsed(int columns, int rows, int side = 64) => File(
        [
            new Item("grid", Layout(columns, rows, 64, 64), [Extent(64, 64)]),
            Plain.Value.With(Extent(side, side)) with { IsHidden = true },
        ],
        ("dimg", 1, [.. Enumerable.Repeat(2, columns * rows)]));

    private static byte[] TileOfItself() => File([new Item("grid", Layout(1, 1, 64, 64), [Extent(64, 64)])], ("dimg", 1, [1]));

    private static byte[] Overlay() => File(
        [
            new Item("iovl", [0, 1, .. new byte[8], .. Big32(16_000), .. Big32(16_000), .. new byte[8]], [Extent(Width, Height)]),
            Plain.Value.With(Extent(Width, Height)) with { IsHidden = true },
        ],
        ("dimg", 1, [2]));

    /// <summary>The coded picture twice in one item, as a film has them.</summary>
    private static byte[] Doubled()
    {
        var item = Plain.Value.With(Extent(Width, Height));
        return File([item with { Data = [.. item.Data, .. item.Data] }]);
    }

    /// <summary>A list of properties that nobody can want, in the place of the first 8 bytes of them.</summary>
    private static byte[] OfProperties(int count)
    {
        var item = Plain.Value.With(Extent(Width, Height));
        var file = File([item with { Properties = [.. item.Properties, Box("free", new byte[8 * count])] }]);
        var start = file.AsSpan().IndexOf("free"u8) + 4;
        for (var at = start; at < start + (8 * count); at += 8)
        {
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(at), 8);
            "free"u8.CopyTo(file.AsSpan(at + 4));
        }

        // The box around them is 8 bytes: what was in it are its neighbours.
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(start - 8), 8);
        return file;
    }
}
