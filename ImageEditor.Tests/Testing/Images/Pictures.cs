using System.Buffers.Binary;

namespace ImageEditor.Testing.Images;

/// <summary>Small pictures, made for a test.</summary>
public static class Pictures
{
    /// <summary>A grey PNG, 8 bits, all pixels of one value; different numbers make different files.</summary>
    public static byte[] Png(int width, int height, int number = 0)
    {
        var row = new byte[width + 1];
        Array.Fill(row, (byte)number, 1, width);
        var comment = new byte[12];
        "number\0"u8.CopyTo(comment);
        BinaryPrimitives.WriteInt32BigEndian(comment.AsSpan(8), number);
        return PngFile.Write(
            (uint)width, (uint)height, bits: 8, PngFile.Grey, ("tEXt", comment), ("IDAT", PngFile.Compress(row, height)));
    }

    /// <summary>A coloured PNG of exactly so many bytes, most of which are its pixels: 7 megapixels for 20 MB.</summary>
    /// <param name="bytes">At least 150,000.</param>
    /// <param name="number">Different numbers make different pictures.</param>
    public static byte[] PngOf(int bytes, int number = 0)
    {
        // A row is longer than deflate looks back, and its pixels are chance: nothing of it can be made smaller.
        const int Width = 12_000;
        var row = new byte[1 + 3 * Width];
        new Random(number).NextBytes(row.AsSpan(1));
        var height = (bytes - 100_000) / row.Length;
        var pixels = ("IDAT", PngFile.Compress(row, height));
        var padding = bytes - Write([]).Length;
        return Write(new byte[padding]);

        byte[] Write(byte[] comment) => PngFile.Write(Width, (uint)height, bits: 8, PngFile.Colour, ("prVt", comment), pixels);
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
}
