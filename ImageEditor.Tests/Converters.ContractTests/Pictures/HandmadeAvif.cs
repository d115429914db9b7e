using NetVips;
using static ImageEditor.Converters.ContractTests.Pictures.HeifFile;

namespace ImageEditor.Converters.ContractTests.Pictures;

/// <summary>AVIF files whose containers libvips does not write, around pixels that it encoded: quarters of different colours.</summary>
internal static class HandmadeAvif
{
    public const int Width = 64;
    public const int Height = 48;

    private static readonly Lazy<List<Item>> Deep = new(() => Encode(Quarters(Width, Height, hasAlpha: true), depth: 10));
    private static readonly Lazy<List<Item>> Transparent = new(() => Encode(Quarters(Width, Height, hasAlpha: true)));

    /// <summary>All containers by name.</summary>
    public static IReadOnlyDictionary<string, Func<byte[]>> Files { get; } = new Dictionary<string, Func<byte[]>>
    {
        ["irot 1"] = () => Opaque(Irot(1)),
        ["irot 2"] = () => Opaque(Irot(2)),
        ["irot 3"] = () => Opaque(Irot(3)),
        ["imir 0"] = () => Opaque(Imir(0)),
        ["imir 1"] = () => Opaque(Imir(1)),
        ["irot 1, imir 0"] = () => Opaque(Irot(1), Imir(0)),
        ["irot 1, imir 1"] = () => Opaque(Irot(1), Imir(1)),
        ["clap from the corner"] = () => Opaque(Clap(40, 30, -24, -18)),
        ["clap from the corner, irot 1"] = () => Opaque(Clap(40, 30, -24, -18), Irot(1)),
        ["clap from the middle"] = () => Opaque(Clap(40, 30, 0, 0)),
        ["clap from elsewhere, irot 1"] = () => Opaque(Clap(40, 30, 4, -6), Irot(1)),
        ["alpha"] = () => WithAlpha(Transparent.Value, [], []),
        ["alpha, irot 1 of both"] = () => WithAlpha(Transparent.Value, [Irot(1)], [Irot(1)]),
        ["alpha, irot 1 of colours only"] = () => WithAlpha(Transparent.Value, [Irot(1)], []),
        ["alpha, irot 2 of colours only"] = () => WithAlpha(Transparent.Value, [Irot(2)], []),
        ["alpha, irot 3 of colours only"] = () => WithAlpha(Transparent.Value, [Irot(3)], []),
        ["alpha, imir 0 of colours only"] = () => WithAlpha(Transparent.Value, [Imir(0)], []),
        ["alpha, imir 1 of colours only"] = () => WithAlpha(Transparent.Value, [Imir(1)], []),
        ["alpha, irot 1, imir 0 of colours only"] = () => WithAlpha(Transparent.Value, [Irot(1), Imir(0)], []),
        ["alpha, irot 2, imir 0 of colours only"] = () => WithAlpha(Transparent.Value, [Irot(2), Imir(0)], []),
        ["alpha, irot 2, imir 1 of colours only"] = () => WithAlpha(Transparent.Value, [Irot(2), Imir(1)], []),
        ["alpha, irot 3, imir 1 of colours only"] = () => WithAlpha(Transparent.Value, [Irot(3), Imir(1)], []),
        ["10 bits, alpha"] = () => WithAlpha(Deep.Value, [], []),
        ["10 bits, alpha, irot 1 of colours only"] = () => WithAlpha(Deep.Value, [Irot(1)], []),
        ["grid"] = () => Grid(),
        ["grid, irot 1"] = () => Grid(Irot(1)),
        ["4:0:0"] = () => File([Transparent.Value[1].With(Extent(Width, Height))], []),
        ["nclx Display P3"] = () => Opaque(Nclx(12, 13)),
        ["nclx BT.2020"] = () => Opaque(Nclx(9, 1)),
        ["nclx BT.709"] = () => Opaque(Nclx(1, 1)),
    };

    /// <summary>A picture whose colours are cut and whose alpha is not.</summary>
    public static byte[] CutApart() => WithAlpha(Transparent.Value, [Clap(40, 30, -24, -18)], []);

    /// <summary>A picture whose alpha says to be much larger than its colours.</summary>
    public static byte[] LargeAlpha() => WithAlpha(Transparent.Value, [], [], Extent(10_000, 10_000));

    /// <summary>A picture whose alpha does not say its size.</summary>
    public static byte[] AlphaOfAnySize() => WithAlpha(Transparent.Value, [], [], alphaExtent: null);

    /// <summary>A picture of one tile, which says to have 25 megapixels and is used so often.</summary>
    public static byte[] TileUsed(int times) => File(
        [
            new Item("grid", [0, 0, 0, (byte)(times - 1), .. Big16(Width), .. Big16(Height)], [Extent(Width, Height)]),
            Encode(Quarters(Width, Height, hasAlpha: false))[0].With(Extent(5_000, 5_000)) with { IsHidden = true },
        ],
        [("dimg", 1, [.. Enumerable.Repeat(2, times)])]);

    /// <summary>A picture that is a tile of itself.</summary>
    public static byte[] TileOfItself() =>
        File([new Item("grid", [0, 0, 0, 0, .. Big16(Width), .. Big16(Height)], [Extent(Width, Height)])], [("dimg", 1, [1])]);

    /// <summary>A picture of 64 × 48 laid on a canvas of its own size, which its item says to be small.</summary>
    public static byte[] Overlay(int width, int height) => File(
        [
            new Item(
                "iovl",
                [0, 1, .. new byte[8], .. Big32(width), .. Big32(height), .. new byte[8]],
                [Extent(Width, Height)]),
            Encode(Quarters(Width, Height, hasAlpha: false))[0].With(Extent(Width, Height)) with { IsHidden = true },
        ],
        [("dimg", 1, [2])]);

    /// <summary>A grid of one tile whose canvas has a size of its own, which its item says to be small.</summary>
    public static byte[] LargeGrid(int width, int height) => File(
        [
            new Item("grid", [0, 1, 0, 0, .. Big32(width), .. Big32(height)], [Extent(Width, Height)]),
            Encode(Quarters(Width, Height, hasAlpha: false))[0].With(Extent(Width, Height)) with { IsHidden = true },
        ],
        [("dimg", 1, [2])]);

    /// <summary>A picture of 64 × 48 that says to be of another size.</summary>
    public static byte[] Said(int width, int height) =>
        File([Encode(Quarters(Width, Height, hasAlpha: false))[0].With(Extent(width, height))], []);

    /// <summary>Small files that say to be large, or to be made of many parts.</summary>
    public static IReadOnlyDictionary<string, Func<byte[]>> Bombs { get; } = new Dictionary<string, Func<byte[]>>
    {
        ["cut apart"] = CutApart,
        ["large alpha"] = LargeAlpha,
        ["alpha of any size"] = AlphaOfAnySize,
        ["tile used twice"] = () => TileUsed(2),
        ["tile used seven times"] = () => TileUsed(7),
        ["tile of itself"] = TileOfItself,
        ["large overlay"] = () => Overlay(16_000, 16_000),
        ["overlay"] = () => Overlay(Width, Height),
        ["large grid"] = () => LargeGrid(16_000, 16_000),
        ["7,000 pixels a side said"] = () => Said(7_000, 7_000),
        ["16,000 pixels a side said"] = () => Said(16_000, 16_000),
    };

    private static byte[] File(IReadOnlyList<Item> items, IReadOnlyList<(string Type, int From, int[] To)> references) =>
        Write([.. "avif"u8, 0, 0, 0, 0, .. "avifmif1miaf"u8], items, references);

    private static byte[] Opaque(params byte[][] properties) =>
        File([Encode(Quarters(Width, Height, hasAlpha: false))[0].With([Extent(Width, Height), .. properties])], []);

    private static byte[] WithAlpha(List<Item> items, byte[][] ofColours, byte[][] ofAlpha) =>
        WithAlpha(items, ofColours, ofAlpha, Extent(Width, Height));

    private static byte[] WithAlpha(List<Item> items, byte[][] ofColours, byte[][] ofAlpha, byte[]? alphaExtent)
    {
        byte[][] first = alphaExtent is null ? [Auxiliary()] : [alphaExtent, Auxiliary()];
        return File(
            [items[0].With([Extent(Width, Height), .. ofColours]), items[1].With([.. first, .. ofAlpha])],
            [("auxl", 2, [1])]);
    }

    /// <summary>Four tiles of 64 × 64, of which 100 × 90 are seen.</summary>
    private static byte[] Grid(params byte[][] properties)
    {
        byte[][] colours = [[220, 40, 40], [40, 60, 220], [40, 200, 60], [230, 220, 60]];
        var tiles = colours.Select(colour =>
        {
            using var black = Image.Black(64, 64, bands: 3);
            using var filled = black + colour.Select(value => (double)value).ToArray();
            return Encode(filled.Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb))[0].With(Extent(64, 64)) with
            {
                IsHidden = true,
            };
        });
        byte[] layout = [0, 0, 1, 1, .. Big16(100), .. Big16(90)];
        return File([new Item("grid", layout, [Extent(100, 90), .. properties]), .. tiles], [("dimg", 1, [2, 3, 4, 5])]);
    }

    private static Image Quarters(int width, int height, bool hasAlpha)
    {
        var pixels = new List<byte>();
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                // Alpha is all or nothing: libheif reads what lies between in another range than browsers do (docs/converters.md).
                byte[] colour = (x < width / 2, y < height / 2) switch
                {
                    (true, true) => [220, 40, 40, 255],
                    (false, true) => [40, 60, 220, 0],
                    (true, false) => [40, 200, 60, 255],
                    _ => [230, 220, 60, 255],
                };
                pixels.AddRange(colour[..(hasAlpha ? 4 : 3)]);
            }
        }

        return Image.NewFromMemory(pixels.ToArray(), width, height, hasAlpha ? 4 : 3, Enums.BandFormat.Uchar)
            .Copy(interpretation: Enums.Interpretation.Srgb);
    }

    /// <summary>Colours, and alpha where there is one, as libvips encodes them: data, and the properties that describe it.</summary>
    private static List<Item> Encode(Image image, int depth = 8)
    {
        using var deep = depth == 8 ? image.Copy() : (image.Cast(Enums.BandFormat.Ushort) * 257)
            .Cast(Enums.BandFormat.Ushort).Copy(interpretation: Enums.Interpretation.Rgb16);
        var file = deep.HeifsaveBuffer(
            q: 95, effort: 0, bitdepth: depth, compression: Enums.ForeignHeifCompression.Av1, subsampleMode: Enums.ForeignSubsample.Off);
        return [.. HeifFile.Read(file).Select(item => item with
        {
            Properties = [.. item.Properties.Where(property => HeifFile.TypeOf(property) is "av1C" or "pixi")],
        })];
    }
}
