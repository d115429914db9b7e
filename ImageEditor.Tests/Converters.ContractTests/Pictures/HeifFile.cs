using System.Buffers.Binary;
using System.Text;

namespace ImageEditor.Converters.ContractTests.Pictures;

/// <summary>Reads and writes the boxes of HEIF files (ISO/IEC 23008-12), which AVIF and HEIC are.</summary>
internal static class HeifFile
{
    /// <summary>The items of a file that an encoder wrote, in the order of their places, with all their properties.</summary>
    public static IReadOnlyList<Item> Read(byte[] file)
    {
        var meta = Boxes(file, 0, file.Length).Single(box => box.Type == "meta");
        var boxes = Boxes(file, meta.Start + 4, meta.End).ToDictionary(box => box.Type);
        var properties = Boxes(file, boxes["iprp"].Start, boxes["iprp"].End).ToList();
        var all = Boxes(file, properties[0].Start, properties[0].End).ToList();
        var types = Boxes(file, boxes["iinf"].Start + 6, boxes["iinf"].End).ToDictionary(
            box => (int)BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(box.Start + 4)),
            box => Encoding.ASCII.GetString(file, box.Start + 8, 4));
        var at = properties[1].Start + 8;
        var items = new List<Item>();
        foreach (var (id, data) in Locations(file, boxes["iloc"].Start))
        {
            var indices = file[(at + 3)..(at + 3 + file[at + 2])];
            at += 3 + indices.Length;
            var own = indices.Select(index => all[(index & 0x7F) - 1]);
            items.Add(new Item(types[id], data, [.. own.Select(box => file[(box.Start - 8)..box.End])]));
        }

        return items;
    }

    /// <summary>The four letters of a whole box.</summary>
    public static string TypeOf(byte[] box) => Encoding.ASCII.GetString(box, 4, 4);

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

    /// <summary>Writes a file whose first item is the picture.</summary>
    /// <param name="brands">The first of them, its version, and those that the file can be read as.</param>
    /// <param name="items">Their ids are their places, from 1.</param>
    /// <param name="references">From an item to others, by their ids.</param>
    public static byte[] Write(
        byte[] brands, IReadOnlyList<Item> items, IReadOnlyList<(string Type, int From, int[] To)> references)
    {
        var properties = items.SelectMany(item => item.Properties).DistinctBy(Convert.ToHexString).ToList();
        var owners = items.Select((item, i) => (byte[])
        [
            .. Big16(i + 1), (byte)item.Properties.Count,
            .. item.Properties.Select(property => (byte)((IsEssential(property) ? 0x80 : 0)
                | (properties.FindIndex(other => other.AsSpan().SequenceEqual(property)) + 1))),
        ]);
        var start = Box("ftyp", brands);
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

    private static bool IsEssential(byte[] property) => TypeOf(property) is "av1C" or "hvcC" or "irot" or "imir" or "clap";

    /// <summary>Width and height of an item.</summary>
    public static byte[] Extent(int width, int height) => FullBox("ispe", 0, 0, [.. Big32(width), .. Big32(height)]);

    /// <summary>Turns to the left.</summary>
    public static byte[] Irot(byte quarters) => Box("irot", [quarters]);

    /// <summary>Mirrors: top and bottom (0), or left and right (1).</summary>
    public static byte[] Imir(byte axis) => Box("imir", [axis]);

    /// <summary>Cuts a piece out.</summary>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="right">How far its middle lies beside the picture's, in halves of a pixel.</param>
    /// <param name="down">The same downwards.</param>
    public static byte[] Clap(int width, int height, int right, int down) => Box(
        "clap", [.. Big32(width), .. Big32(1), .. Big32(height), .. Big32(1), .. Big32(right), .. Big32(2), .. Big32(down), .. Big32(2)]);

    /// <summary>Colours by the numbers of ITU-T H.273.</summary>
    public static byte[] Nclx(int primaries, int transfer) =>
        Box("colr", [.. "nclx"u8, .. Big16(primaries), .. Big16(transfer), .. Big16(6), 0x80]);

    /// <summary>What makes an item the alpha of another one.</summary>
    public static byte[] Auxiliary() => FullBox("auxC", 0, 0, [.. "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"u8, 0]);

    public static byte[] FullBox(string type, byte version, int flags, byte[] data) =>
        Box(type, [version, 0, 0, (byte)flags, .. data]);

    public static byte[] Box(string type, byte[] data) => [.. Big32(data.Length + 8), .. Encoding.ASCII.GetBytes(type), .. data];

    public static byte[] Big16(int value) => [(byte)(value >> 8), (byte)value];

    public static byte[] Big32(int value) => [.. Big16(value >> 16), .. Big16(value)];

    public static IEnumerable<(string Type, int Start, int End)> Boxes(byte[] bytes, int start, int end)
    {
        for (var at = start; at + 8 <= end;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
            var stop = length == 0 ? end : at + length;
            yield return (Encoding.ASCII.GetString(bytes, at + 4, 4), at + 8, stop);
            at = stop;
        }
    }

    /// <summary>An item: its data, and the properties that describe it, as whole boxes.</summary>
    public sealed record Item(string Type, byte[] Data, IReadOnlyList<byte[]> Properties)
    {
        public bool IsHidden { get; init; }

        /// <summary>With further properties; the extent comes first.</summary>
        public Item With(params byte[][] more) => this with { Properties = [more[0], .. Properties, .. more[1..]] };
    }
}
