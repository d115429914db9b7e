using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace ImageEditor.Converters.ContractTests.Pictures;

/// <summary>Small files that would cost a decoder much time or memory.</summary>
internal static class Bombs
{
    /// <summary>A progressive JPEG of one channel in one grey, with scans that say so again and again and end too early.</summary>
    public static byte[] JpegOfScans(int side, int scans) =>
    [
        0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)1, 64), 0xFF, 0xC4, 0, 20, 0, 1, .. new byte[15], 0,
        0xFF, 0xC2, 0, 11, 8, (byte)(side >> 8), (byte)side, (byte)(side >> 8), (byte)side, 1, 1, 0x11, 0,
        .. Enumerable.Repeat((byte[])[0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0, 0], scans).SelectMany(scan => scan),
        0xFF, 0xD9,
    ];

    /// <summary>A PNG with an ICC profile of so many zeros, which take a thousandth of that.</summary>
    public static byte[] PngWithProfile(int bytes) =>
        FileCache.GetOrCreate((nameof(PngWithProfile), bytes), () => WithChunks([("iCCP", [.. "p\0\0"u8, .. Packed(bytes)])]));

    /// <summary>A PNG with so many texts of 7.9 MB each.</summary>
    public static byte[] PngWithTexts(int texts) => FileCache.GetOrCreate((nameof(PngWithTexts), texts), () =>
    {
        var packed = Packed(7_900_000);
        return WithChunks(
            [.. Enumerable.Range(0, texts).Select(i => ("zTXt", (byte[])[.. Encoding.ASCII.GetBytes($"k{i}\0\0"), .. packed]))]);
    });

    /// <summary>A JPEG with so many EXIF blocks of 60 kB.</summary>
    public static byte[] JpegWithExif(int blocks)
    {
        var plain = FieldFiles.Read("plain.jpg");
        byte[] exif = [.. "Exif\0\0II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, .. new byte[60_000]];
        byte[] block = [0xFF, 0xE1, (byte)((exif.Length + 2) >> 8), (byte)(exif.Length + 2), .. exif];
        return [.. plain[..2], .. Enumerable.Repeat(block, blocks).SelectMany(one => one), .. plain[2..]];
    }

    /// <summary>A TIFF whose directories lie in one another.</summary>
    public static byte[] NestedTiff(int depth)
    {
        var page = HandmadeTiff.File(new HandmadeTiff.Page(2, 8, 3, HandmadeTiff.Rgb(), More: [(330, [0, 0])]));

        // The entry of the sub-directory is one of two 16-bit numbers: made one of 32 bits, it leads to the first of the chain behind.
        var at = page.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x4A, 0x01, 3, 0, 2, 0, 0, 0]);
        var file = new byte[page.Length + (depth * 18)];
        page.CopyTo(file, 0);
        byte[] entry = [0x4A, 0x01, 4, 0, 1, 0, 0, 0];
        entry.CopyTo(file, at);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at + 8), page.Length);
        for (var level = 0; level < depth; level++)
        {
            var start = page.Length + (level * 18);
            file[start] = 1;
            entry.CopyTo(file, start + 2);
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(start + 10), start + 18);
        }

        return file;
    }

    /// <summary>An AVIF without pixels whose items, so many of them, have 255 properties each.</summary>
    public static byte[] AvifOfProperties(int items)
    {
        byte[] properties = [255, .. Enumerable.Repeat((byte)1, 255)];
        var number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, items);
        var entries = Enumerable.Range(1, items).SelectMany(item => (byte[])[(byte)(item >> 8), (byte)item, .. properties]);
        byte[] owners = [0, 0, 0, 0, .. number, .. entries];
        byte[] extent = HandmadeFiles.Box("ispe", 0, 0, 0, 0, 0, 0, 0, 64, 0, 0, 0, 64);
        return HandmadeFiles.Avif(HandmadeFiles.Box(
            "meta",
            [
                0, 0, 0, 0,
                .. HandmadeFiles.Box("pitm", 0, 0, 0, 0, 0, 1),
                .. HandmadeFiles.Box("iprp", [.. HandmadeFiles.Box("ipco", extent), .. HandmadeFiles.Box("ipma", owners)]),
            ]));
    }

    private static byte[] WithChunks(params (string Type, byte[] Data)[] chunks)
    {
        var png = GeneratedImages.Small("png");
        return [.. png[..33], .. chunks.SelectMany(chunk => Chunk(chunk.Type, chunk.Data)), .. png[33..]];
    }

    /// <summary>A chunk of a PNG.</summary>
    public static byte[] Chunk(string type, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        var number = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(number.AsSpan(4), Crc32.HashToUInt32(body));
        return [.. number[..4], .. body, .. number[4..]];
    }

    private static byte[] Packed(int zeros)
    {
        using var packed = new MemoryStream();
        using (var packing = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            packing.Write(new byte[zeros]);
        }

        return packed.ToArray();
    }
}
