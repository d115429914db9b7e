using System.Buffers.Binary;
using System.Text;
using NetVips;

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
        var meta = Boxes(file, 0, file.Length).Single(box => box.Type == "meta");
        var boxes = Boxes(file, meta.Start + 4, meta.End).ToDictionary(box => box.Type);
        var properties = Boxes(file, boxes["iprp"].Start, boxes["iprp"].End).ToList();
        var all = Boxes(file, properties[0].Start, properties[0].End).ToList();
        var locations = Locations(file, boxes["iloc"].Start);
        var at = properties[1].Start + 8;
        var items = new List<Item>();
        foreach (var (id, data) in locations)
        {
            var indices = file[(at + 3)..(at + 3 + file[at + 2])];
            at += 3 + indices.Length;
            var kept = indices.Select(index => all[(index & 0x7F) - 1]).Where(box => box.Type is "av1C" or "pixi");
            items.Add(new Item("av01", data, [.. kept.Select(box => file[(box.Start - 8)..box.End])]));
        }

        return items;
    }

    private static IEnumerable<(int Id, byte[] Data)> Locations(byte[] file, int start)
    {
        var (version, sizes) = (file[start], BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(start + 4)));
        var (offsetBytes, lengthBytes, baseBytes) = (sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15);
        var at = start + 8;
        for (var items = BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(start + 6)); items > 0; items--)
        {
            var id = (int)Number(2);
            at += version > 0 ? 4 : 2;
            var origin = Number(baseBytes);
            var data = new List<byte>();
            for (var extents = Number(2); extents > 0; extents--)
            {
                var (offset, length) = (Number(offsetBytes), Number(lengthBytes));
                data.AddRange(file.AsSpan((int)(origin + offset), (int)length));
            }

            yield return (id, data.ToArray());
        }

        long Number(int size)
        {
            var value = file.AsSpan(at, size).ToArray().Aggregate(0L, (sum, digit) => (sum << 8) | digit);
            at += size;
            return value;
        }
    }

    private static byte[] File(IReadOnlyList<Item> items, IReadOnlyList<(string Type, int From, int[] To)> references)
    {
        var properties = items.SelectMany(item => item.Properties).DistinctBy(Convert.ToHexString).ToList();
        var owners = items.Select((item, i) => (byte[])
        [
            .. Big16(i + 1), (byte)item.Properties.Count,
            .. item.Properties.Select(property => (byte)((IsEssential(property) ? 0x80 : 0)
                | (properties.FindIndex(other => other.AsSpan().SequenceEqual(property)) + 1))),
        ]);
        var start = Box("ftyp", [.. "avif"u8, 0, 0, 0, 0, .. "avifmif1miaf"u8]);
        var data = start.Length + Meta(0).Length + 8;
        return [.. start, .. Meta(data), .. Box("mdat", [.. items.SelectMany(item => item.Data)])];

        byte[] Meta(int offset)
        {
            var places = new List<byte>();
            foreach (var (index, item) in items.Index())
            {
                places.AddRange([.. Big16(index + 1), 0, 0, 0, 1, .. Big32(offset), .. Big32(item.Data.Length)]);
                offset += item.Data.Length;
            }

            var entries = items.Select((item, i) =>
                FullBox("infe", 2, item.IsHidden ? 1 : 0, [.. Big16(i + 1), 0, 0, .. Encoding.ASCII.GetBytes(item.Type), 0]));
            var links = references.Select(reference => Box(
                reference.Type, [.. Big16(reference.From), .. Big16(reference.To.Length), .. reference.To.SelectMany(Big16)]));
            return FullBox(
                "meta", 0, 0,
                [
                    .. FullBox("hdlr", 0, 0, [0, 0, 0, 0, .. "pict"u8, .. new byte[13]]),
                    .. FullBox("pitm", 0, 0, Big16(1)),
                    .. FullBox("iloc", 0, 0, [0x44, 0, .. Big16(items.Count), .. places]),
                    .. FullBox("iinf", 0, 0, [.. Big16(items.Count), .. entries.SelectMany(entry => entry)]),
                    .. references.Count > 0 ? FullBox("iref", 0, 0, [.. links.SelectMany(link => link)]) : [],
                    .. Box(
                        "iprp",
                        [
                            .. Box("ipco", [.. properties.SelectMany(property => property)]),
                            .. FullBox("ipma", 0, 0, [.. Big32(items.Count), .. owners.SelectMany(owner => owner)]),
                        ]),
                ]);
        }
    }

    private static bool IsEssential(byte[] property) => Encoding.ASCII.GetString(property, 4, 4) is "av1C" or "irot" or "imir" or "clap";

    private static byte[] Extent(int width, int height) => FullBox("ispe", 0, 0, [.. Big32(width), .. Big32(height)]);

    private static byte[] Irot(byte quarters) => Box("irot", [quarters]);

    private static byte[] Imir(byte axis) => Box("imir", [axis]);

    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="right">How far its middle lies beside the picture's, in halves of a pixel.</param>
    /// <param name="down">The same downwards.</param>
    private static byte[] Clap(int width, int height, int right, int down) => Box(
        "clap", [.. Big32(width), .. Big32(1), .. Big32(height), .. Big32(1), .. Big32(right), .. Big32(2), .. Big32(down), .. Big32(2)]);

    private static byte[] Nclx(int primaries, int transfer) =>
        Box("colr", [.. "nclx"u8, .. Big16(primaries), .. Big16(transfer), .. Big16(6), 0x80]);

    private static byte[] Auxiliary() => FullBox("auxC", 0, 0, [.. "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"u8, 0]);

    private static byte[] FullBox(string type, byte version, int flags, byte[] data) =>
        Box(type, [version, 0, 0, (byte)flags, .. data]);

    private static byte[] Box(string type, byte[] data) => [.. Big32(data.Length + 8), .. Encoding.ASCII.GetBytes(type), .. data];

    private static byte[] Big16(int value) => [(byte)(value >> 8), (byte)value];

    private static byte[] Big32(int value) => [.. Big16(value >> 16), .. Big16(value)];

    private static IEnumerable<(string Type, int Start, int End)> Boxes(byte[] bytes, int start, int end)
    {
        for (var at = start; at + 8 <= end;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
            var stop = length == 0 ? end : at + length;
            yield return (Encoding.ASCII.GetString(bytes, at + 4, 4), at + 8, stop);
            at = stop;
        }
    }

    private sealed record Item(string Type, byte[] Data, IReadOnlyList<byte[]> Properties)
    {
        public bool IsHidden { get; init; }

        /// <summary>With further properties; the extent comes first.</summary>
        public Item With(params byte[][] more) => this with { Properties = [more[0], .. Properties, .. more[1..]] };
    }
}
