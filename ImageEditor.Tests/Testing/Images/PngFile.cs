using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace ImageEditor.Testing.Images;

/// <summary>Writes PNG files as the specification has them, with anything in their chunks.</summary>
public static class PngFile
{
    /// <summary>What <see cref="Write"/> calls grey.</summary>
    public const byte Grey = 0;

    /// <summary>What <see cref="Write"/> calls red, green and blue.</summary>
    public const byte Colour = 2;

    /// <summary>A file of its header, the chunks, and the end.</summary>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="bits">For each value of a pixel.</param>
    /// <param name="colours"><see cref="Grey"/> or <see cref="Colour"/>.</param>
    /// <param name="chunks">What stands between header and end.</param>
    public static byte[] Write(uint width, uint height, byte bits, byte colours, params IEnumerable<(string Type, byte[] Data)> chunks)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteUInt32BigEndian(header, width);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (bits, colours);
        return
        [
            0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n',
            .. Chunk("IHDR", header),
            .. chunks.SelectMany(chunk => Chunk(chunk.Type, chunk.Data)),
            .. Chunk("IEND", []),
        ];
    }

    /// <summary>The data of a picture whose rows are all the same.</summary>
    /// <param name="row">The number of its filter, then its pixels.</param>
    /// <param name="height">How often it comes.</param>
    public static byte[] Compress(byte[] row, int height)
    {
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (var y = 0; y < height; y++)
            {
                zlib.Write(row);
            }
        }

        return data.ToArray();
    }

    /// <summary>One chunk: length, type of 4 letters, data, checksum.</summary>
    public static byte[] Chunk(string type, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        return [.. Number((uint)data.Length), .. body, .. Number(Crc32.HashToUInt32(body))];
    }

    private static byte[] Number(uint value)
    {
        var digits = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(digits, value);
        return digits;
    }
}
