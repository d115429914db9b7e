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

    /// <summary>A grey TIFF, 8 bits, not compressed, all pixels of one value.</summary>
    public static byte[] Tiff(int width, int height, byte value)
    {
        const int Start = 8;
        const int EntryBytes = 12;
        const ushort Long = 4;
        var pixels = width * height;
        (ushort Tag, int Value)[] entries =
        [
            (256, width), (257, height), (258, 8), (259, 1), (262, 1), (273, 0), (277, 1), (278, height), (279, pixels),
        ];
        var data = Start + sizeof(ushort) + (entries.Length * EntryBytes) + sizeof(uint);
        var file = new byte[data + pixels];
        "II*\0"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), Start);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(Start), (ushort)entries.Length);
        foreach (var (index, (tag, content)) in entries.Index())
        {
            var entry = file.AsSpan(Start + sizeof(ushort) + (index * EntryBytes), EntryBytes);
            BinaryPrimitives.WriteUInt16LittleEndian(entry, tag);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], Long);
            BinaryPrimitives.WriteInt32LittleEndian(entry[4..], 1);
            BinaryPrimitives.WriteInt32LittleEndian(entry[8..], tag == 273 ? data : content);
        }

        file.AsSpan(data).Fill(value);
        return file;
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
