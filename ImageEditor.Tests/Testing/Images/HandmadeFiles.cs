using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace ImageEditor.Testing.Images;

/// <summary>Files put together by hand: what no encoder writes, but an attacker does.</summary>
public static class HandmadeFiles
{
    /// <summary>A PNG with any size in its header, right checksums, and pixel data that is missing.</summary>
    public static byte[] Png(uint width, uint height, params string[] chunksBeforePixels) => PngFile.Write(
        width, height, bits: 8, PngFile.Colour, [.. chunksBeforePixels.Select(type => (type, new byte[8])), ("IDAT", [])]);

    /// <summary>A black PNG of 1 bit per pixel: very large for very few bytes.</summary>
    public static byte[] HugePng(int width, int height) => FileCache.GetOrCreate((nameof(HugePng), width, height), () => PngFile.Write(
        (uint)width, (uint)height, bits: 1, PngFile.Grey, ("IDAT", PngFile.Compress(new byte[1 + (width + 7) / 8], height))));

    /// <summary>A PNG of one pixel with the chunk that announces an animation.</summary>
    public static byte[] AnimatedPng() => PngFile.Write(
        1, 1, bits: 1, PngFile.Grey, ("acTL", [0, 0, 0, 2, 0, 0, 0, 0]), ("IDAT", PngFile.Compress([0, 0], 1)));

    /// <summary>A JPEG header with one frame header for each size, up to the start of its scan.</summary>
    public static byte[] Jpeg(params (ushort Width, ushort Height)[] frames) =>
    [
        0xFF, 0xD8,
        .. frames.SelectMany(frame => (byte[])[0xFF, 0xC0, 0, 11, 8, .. Big16(frame.Height), .. Big16(frame.Width), 1, 1, 0x11, 0]),
        0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0,
    ];

    /// <summary>A progressive JPEG of one channel, with scans of a few bytes each.</summary>
    public static byte[] JpegOfScans(ushort width, ushort height, int scans) =>
    [
        0xFF, 0xD8, 0xFF, 0xC2, 0, 11, 8, .. Big16(height), .. Big16(width), 1, 1, 0x11, 0,
        .. Enumerable.Repeat((byte[])[0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0, 0], scans).SelectMany(scan => scan),
        0xFF, 0xD9,
    ];

    /// <summary>A PNG with an ICC profile of so many zeros, which take a thousandth of that.</summary>
    public static byte[] PngWithProfile(int profileBytes)
    {
        using var packed = new MemoryStream();
        packed.Write("p\0\0"u8);
        using (var packing = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            packing.Write(new byte[profileBytes]);
        }

        var png = Png(8, 8);
        return [.. png[..33], .. PngFile.Chunk("iCCP", packed.ToArray()), .. png[33..]];
    }

    /// <summary>A TIFF of one page with an entry more: tag and value.</summary>
    public static byte[] TiffWith(uint tag, uint value, uint width = 8, uint height = 8) =>
    [
        .. "II*\0"u8, .. Little32(8), 3, 0,
        .. LittleEntry(256, width), .. LittleEntry(257, height), .. LittleEntry(tag, value), .. Little32(0),
    ];

    /// <summary>A TIFF whose directories lie in one another, the innermost with the colour filters of a sensor.</summary>
    public static byte[] NestedTiff(int depth)
    {
        const int DirectoryBytes = 2 + (3 * 12) + 4;
        byte[] start = [.. "II*\0"u8, .. Little32(8)];
        return
        [
            .. start,
            .. Enumerable.Range(0, depth).SelectMany(level => (byte[])
            [
                3, 0, .. LittleEntry(256, 8), .. LittleEntry(257, 8),
                .. level == depth - 1 ? LittleEntry(262, 32803) : LittleEntry(330, (uint)(8 + ((level + 1) * DirectoryBytes))),
                .. Little32(0),
            ]),
        ];
    }

    /// <summary>A TIFF of one page with two lists of so many places where directories might be, of one byte each.</summary>
    public static byte[] TiffOfSubdirectories(int places)
    {
        const int DirectoryBytes = 2 + (4 * 12) + 4;
        byte[] list = [.. Little16(330), 1, 0, .. Little32((uint)places), .. Little32(8 + DirectoryBytes)];
        return
        [
            .. "II*\0"u8, .. Little32(8), 4, 0, .. LittleEntry(256, 8), .. LittleEntry(257, 8), .. list, .. list, .. Little32(0),
            .. Enumerable.Repeat((byte)0xFF, places),
        ];
    }

    private static byte[] LittleEntry(uint tag, uint value) => [.. Little16((ushort)tag), 4, 0, 1, 0, 0, 0, .. Little32(value)];

    /// <summary>A GIF whose every frame is one pixel in 16 bytes.</summary>
    public static byte[] Gif(ushort width, ushort height, int frames, ushort left = 0) =>
    [
        .. "GIF89a"u8, .. Little16(width), .. Little16(height), 0x80, 0, 0, 0, 0, 0, 255, 255, 255,
        .. Enumerable.Repeat((byte[])[0x2C, .. Little16(left), 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0], frames).SelectMany(frame => frame),
        0x3B,
    ];

    /// <summary>A TIFF of empty pages; <paramref name="loop"/> leads the last page back to the first.</summary>
    public static byte[] Tiff(bool bigEndian, bool loop, params (uint Width, uint Height)[] pages)
    {
        const int DirectoryBytes = 2 + (2 * 12) + 4;
        var bytes = new List<byte>([.. bigEndian ? "MM\0*"u8 : "II*\0"u8, .. Number(8, 4)]);
        for (var i = 0; i < pages.Length; i++)
        {
            var isLast = i == pages.Length - 1;
            var next = isLast ? (loop ? 8 : 0) : 8 + ((i + 1) * DirectoryBytes);
            bytes.AddRange([.. Number(2, 2), .. Entry(256, pages[i].Width), .. Entry(257, pages[i].Height), .. Number((uint)next, 4)]);
        }

        return [.. bytes];

        byte[] Entry(uint tag, uint value) => [.. Number(tag, 2), .. Number(4, 2), .. Number(1, 4), .. Number(value, 4)];

        byte[] Number(uint value, int size)
        {
            var digits = size == 2 ? Big16((ushort)value) : Big32(value);
            return bigEndian ? digits : [.. digits.Reverse()];
        }
    }

    /// <summary>A WebP of chunks.</summary>
    public static byte[] Webp(params byte[][] chunks)
    {
        byte[] body = [.. "WEBP"u8, .. chunks.SelectMany(chunk => chunk)];
        return [.. "RIFF"u8, .. Little32((uint)body.Length), .. body];
    }

    public static byte[] WebpChunk(string type, params byte[] data) =>
        [.. Encoding.ASCII.GetBytes(type), .. Little32((uint)data.Length), .. data, .. new byte[data.Length & 1]];

    public static byte[] WebpHeader(int width, int height) =>
        WebpChunk("VP8X", [2, 0, 0, 0, .. Little32((uint)width - 1)[..3], .. Little32((uint)height - 1)[..3]]);

    public static byte[] WebpFrame(int width, int height) =>
        WebpChunk("ANMF", [.. new byte[6], .. Little32((uint)width - 1)[..3], .. Little32((uint)height - 1)[..3], 0, 0, 0, 0]);

    public static byte[] WebpLossless(int width, int height) =>
        WebpChunk("VP8L", [0x2F, .. Little32((uint)(width - 1) | ((uint)(height - 1) << 14))]);

    /// <summary>An AVIF of boxes, after its <c>ftyp</c> box.</summary>
    public static byte[] Avif(params byte[][] boxes) => [.. Box("ftyp", [.. "avif"u8, 0, 0, 0, 0]), .. boxes.SelectMany(box => box)];

    /// <summary>A <c>meta</c> box with items of these sizes, of which the first is the primary one.</summary>
    public static byte[] AvifMeta(params (uint Width, uint Height)[] items) => AvifMeta(items, []);

    /// <summary>
    /// The same with references of items to others, by their numbers from 1: <c>dimg</c> to tiles, <c>auxl</c> to that whose alpha it is.
    /// </summary>
    public static byte[] AvifMeta((uint Width, uint Height)[] items, params (string Type, byte From, byte[] To)[] references)
    {
        var ids = Enumerable.Range(1, items.Length).ToArray();
        byte[] index = [0, 0, 0, 0, .. Big16((ushort)items.Length), .. ids.SelectMany(AvifItem)];
        byte[] sizes = [.. items.SelectMany(item => Box("ispe", [0, 0, 0, 0, .. Big32(item.Width), .. Big32(item.Height)]))];
        byte[] owners = [0, 0, 0, 0, .. Big32((uint)items.Length), .. ids.SelectMany(id => (byte[])[0, (byte)id, 1, (byte)id])];
        return Box(
            "meta",
            [
                0, 0, 0, 0,
                .. Box("pitm", 0, 0, 0, 0, 0, 1),
                .. Box("iinf", index),
                .. references.Length == 0 ? [] : Box("iref", [0, 0, 0, 0, .. references.SelectMany(reference => Box(
                    reference.Type,
                    [0, reference.From, .. Big16((ushort)reference.To.Length), .. reference.To.SelectMany(to => (byte[])[0, to])]))]),
                .. Box("iprp", [.. Box("ipco", sizes), .. Box("ipma", owners)]),
            ]);
    }

    /// <summary>A <c>moov</c> box with a track that claims so many samples.</summary>
    public static byte[] AvifSequence(ushort width, ushort height, uint samples) => Box(
        "moov",
        Box(
            "trak",
            [
                .. Box("tkhd", [.. new byte[76], .. Big16(width), 0, 0, .. Big16(height), 0, 0]),
                .. Box("mdia", Box("minf", Box("stbl", Box("stsz", [0, 0, 0, 0, .. Big32(9), .. Big32(samples)])))),
            ]));

    public static byte[] Box(string type, params byte[] data) =>
        [.. Big32((uint)data.Length + 8), .. Encoding.ASCII.GetBytes(type), .. data];

    private static byte[] AvifItem(int id) => Box("infe", [2, 0, 0, 0, 0, (byte)id, 0, 0, .. "av01"u8]);

    private static byte[] Big32(uint value)
    {
        var digits = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(digits, value);
        return digits;
    }

    private static byte[] Big16(ushort value) => Big32(value)[2..];

    private static byte[] Little32(uint value) => [.. Big32(value).Reverse()];

    private static byte[] Little16(ushort value) => Little32(value)[..2];
}
