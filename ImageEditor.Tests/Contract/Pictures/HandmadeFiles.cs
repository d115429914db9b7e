using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace ImageEditor.Tests.Contract.Pictures;

/// <summary>Files that no image library writes, byte by byte.</summary>
internal static class HandmadeFiles
{
    /// <summary>A black PNG of 1 bit per pixel: very large for very few bytes.</summary>
    public static byte[] HugePng(int width, int height) => FileCache.GetOrCreate((nameof(HugePng), width, height), () =>
    {
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var row = new byte[1 + (width + 7) / 8];
            for (var y = 0; y < height; y++)
            {
                zlib.Write(row);
            }
        }

        return Png(width, height, ("IDAT", data.ToArray()));
    });

    /// <summary>A PNG of one pixel with the chunk that announces an animation.</summary>
    public static byte[] AnimatedPng()
    {
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            zlib.Write([0, 0]);
        }

        return Png(1, 1, ("acTL", [0, 0, 0, 2, 0, 0, 0, 0]), ("IDAT", data.ToArray()));
    }

    /// <summary>A GIF of many frames of one pixel each, on a canvas of 1000 × 1000.</summary>
    public static byte[] LongGif(int frames)
    {
        using var gif = new MemoryStream();
        gif.Write("GIF89a"u8);

        // 1000 × 1000, a palette of two colours: black and white.
        gif.Write([0xE8, 0x03, 0xE8, 0x03, 0x80, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF]);
        for (var frame = 0; frame < frames; frame++)
        {
            // At 0, 0, one pixel wide and high; then its LZW data: clear, 0, end.
            gif.Write([0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 0x01, 0]);
        }

        gif.WriteByte(0x3B);
        return gif.ToArray();
    }

    private static byte[] Png(int width, int height, params (string Type, byte[] Data)[] chunks)
    {
        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 1;
        WriteChunk(png, "IHDR", header);
        foreach (var (type, data) in chunks)
        {
            WriteChunk(png, type, data);
        }

        WriteChunk(png, "IEND", []);
        return png.ToArray();
    }

    private static void WriteChunk(MemoryStream png, string type, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
        png.Write(number);
    }

    /// <summary>CRC-32 as in Annex D of the PNG specification.</summary>
    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }
}
