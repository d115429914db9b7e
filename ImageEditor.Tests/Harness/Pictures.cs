using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace ImageEditor.Tests.Harness;

/// <summary>Pictures for tests: the shared photos, and small ones that are made.</summary>
public static class Pictures
{
    /// <summary>The photos stand beside the repository's folder.</summary>
    public static string Folder { get; } = Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "photos"));

    /// <summary>Names of all shared photos, the damaged one included.</summary>
    public static IEnumerable<string> Names =>
        Directory.EnumerateFiles(Folder).Select(file => Path.GetFileName(file)).Where(name => !name.EndsWith(".md", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    public static byte[] Photo(string name) => File.ReadAllBytes(Path.Combine(Folder, name));

    /// <summary>A grey PNG, 8 bits, all pixels of one value; different numbers make different files.</summary>
    public static byte[] Png(int width, int height, int number = 0)
    {
        using var pixels = new MemoryStream();
        using (var zlib = new ZLibStream(pixels, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var row = new byte[width + 1];
            Array.Fill(row, (byte)number, 1, width);
            for (var y = 0; y < height; y++)
            {
                zlib.Write(row);
            }
        }

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        Span<byte> comment = stackalloc byte[12];
        "number\0"u8.CopyTo(comment);
        BinaryPrimitives.WriteInt32BigEndian(comment[8..], number);
        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        WriteChunk(png, "IHDR"u8, header);
        WriteChunk(png, "tEXt"u8, comment);
        WriteChunk(png, "IDAT"u8, pixels.ToArray());
        WriteChunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    /// <summary>A GIF of black frames, 16 × 16.</summary>
    public static byte[] Gif(int frames)
    {
        using var gif = new MemoryStream();
        gif.Write("GIF89a"u8);
        gif.Write([16, 0, 16, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255]);
        for (var frame = 0; frame < frames; frame++)
        {
            gif.Write([0x21, 0xF9, 4, 0, 1, 0, 0, 0]);
            gif.Write([0x2C, 0, 0, 0, 0, 16, 0, 16, 0, 0, 2, 3, 0x84, 0x8F, 0x05, 0]);
        }

        gif.WriteByte(0x3B);
        return gif.ToArray();
    }

    private static void WriteChunk(Stream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(type);
        png.Write(data);
        var crc = new Crc32();
        crc.Append(type);
        crc.Append(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, crc.GetCurrentHashAsUInt32());
        png.Write(number);
    }
}
