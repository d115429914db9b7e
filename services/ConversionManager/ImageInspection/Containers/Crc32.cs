using System.Buffers.Binary;

namespace ImageEditor.ConversionManager.ImageInspection.Containers;

/// <summary>
/// The checksum of PNG's chunks (ISO 3309, reflected polynomial 0xEDB88320). The framework has none; eight bytes a step
/// ("slicing by 8", Intel 2006) keep a large result's check to a few milliseconds.
/// </summary>
internal static class Crc32
{
    private static readonly uint[][] Tables = BuildTables();

    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        var t = Tables;
        var crc = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var low = crc ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = t[7][(byte)low] ^ t[6][(byte)(low >> 8)] ^ t[5][(byte)(low >> 16)] ^ t[4][low >> 24]
                ^ t[3][(byte)high] ^ t[2][(byte)(high >> 8)] ^ t[1][(byte)(high >> 16)] ^ t[0][high >> 24];
        }

        foreach (var value in bytes)
        {
            crc = t[0][(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[][] BuildTables()
    {
        var tables = new uint[8][];
        for (var slice = 0; slice < 8; slice++)
        {
            tables[slice] = new uint[256];
            for (var value = 0; value < 256; value++)
            {
                // Each table carries its value one more byte through the register.
                var crc = slice == 0 ? (uint)value : tables[slice - 1][value];
                for (var bit = 0; bit < 8; bit++)
                {
                    crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
                }

                tables[slice][value] = crc;
            }
        }

        return tables;
    }
}
