using System.Buffers.Binary;

namespace ImageEditor.Converters.Images.Containers;

/// <summary>Tables of ICC profiles (ICC.1:2010, 10.8 to 10.10) that lead from a device's colours to others.</summary>
internal static class IccTable
{
    /// <summary>XYZ or Lab.</summary>
    private const int OutputChannels = 3;

    /// <summary>Entries of a curve; the library reads no longer ones.</summary>
    private const int MaxEntries = 0x7FFF;

    /// <summary>Tables of 8 bits, of 16 bits, and those made of parts.</summary>
    public static IReadOnlyList<string> Types { get; } = ["mft1", "mft2", "mAB "];

    /// <summary>Whether a table takes so many channels, and all of it lies in its tag.</summary>
    /// <param name="tag">8 bytes or more, of one of the types.</param>
    /// <param name="channels">Of the device.</param>
    public static bool IsWhole(ReadOnlySpan<byte> tag, int channels) =>
        tag.Length >= 32 && tag[8] == channels && tag[9] == OutputChannels
        && (tag.StartsWith("mAB "u8) ? HasWholeParts(tag, channels) : HasWholeTables(tag, channels));

    /// <summary>Points of the grid along each side (1 byte), a matrix, then tables for the input, the grid and the output.</summary>
    private static bool HasWholeTables(ReadOnlySpan<byte> tag, int channels)
    {
        var isDeep = tag.StartsWith("mft2"u8);
        if (tag.Length < 52 || tag[10] < 2)
        {
            return false;
        }

        var (start, bytes, input, output) = isDeep
            ? (52, 2, BinaryPrimitives.ReadUInt16BigEndian(tag[48..]), BinaryPrimitives.ReadUInt16BigEndian(tag[50..]))
            : (48, 1, 256, 256);
        var grid = Math.Pow(tag[10], channels) * OutputChannels;
        return input is >= 2 and <= MaxEntries && output is >= 2 and <= MaxEntries
            && start + (bytes * ((double)(input * channels) + grid + (output * OutputChannels))) <= tag.Length;
    }

    /// <summary>Where its parts are: curves for the output, a matrix, curves, a grid, curves for the input; 0 for what it has not.</summary>
    private static bool HasWholeParts(ReadOnlySpan<byte> tag, int channels)
    {
        var (output, matrix, middle, grid, input) = (Part(tag, 12), Part(tag, 16), Part(tag, 20), Part(tag, 24), Part(tag, 28));
        return (grid == 0 ? channels == OutputChannels : IsWholeGrid(tag, grid, channels))
            && (input == 0 || AreWholeCurves(tag, input, channels))
            && (middle == 0 || AreWholeCurves(tag, middle, OutputChannels))
            && (matrix == 0 || matrix + (12 * 4) <= tag.Length)
            && (output == 0 || AreWholeCurves(tag, output, OutputChannels));
    }

    private static long Part(ReadOnlySpan<byte> tag, int at) => BinaryPrimitives.ReadUInt32BigEndian(tag[at..]);

    /// <summary>Points along each side (16 bytes), bytes of each value (1), three of filling, then the values.</summary>
    private static bool IsWholeGrid(ReadOnlySpan<byte> tag, long at, int channels)
    {
        if (at + 20 > tag.Length)
        {
            return false;
        }

        var grid = tag[(int)at..];
        var values = (double)OutputChannels;
        foreach (var points in grid[..channels])
        {
            if (points < 2)
            {
                return false;
            }

            values *= points;
        }

        return grid[16] is 1 or 2 && 20 + (values * grid[16]) <= grid.Length;
    }

    /// <summary>Curves one after the other, each from a multiple of four on.</summary>
    private static bool AreWholeCurves(ReadOnlySpan<byte> tag, long at, int count)
    {
        for (; count > 0; count--)
        {
            if (at + 12 > tag.Length || BytesOfCurve(tag[(int)at..]) is not { } bytes || at + bytes > tag.Length)
            {
                return false;
            }

            at += (bytes + 3) / 4 * 4;
        }

        return true;
    }

    /// <summary>The length of a curve that begins here; null where none does.</summary>
    /// <param name="curve">12 bytes or more.</param>
    public static long? BytesOfCurve(ReadOnlySpan<byte> curve)
    {
        if (curve.StartsWith("curv"u8))
        {
            var entries = BinaryPrimitives.ReadUInt32BigEndian(curve[8..]);
            return entries <= MaxEntries ? 12 + (2 * entries) : null;
        }

        return !curve.StartsWith("para"u8) ? null : BinaryPrimitives.ReadUInt16BigEndian(curve[8..]) switch
        {
            0 => 12 + 4,
            1 => 12 + 12,
            2 => 12 + 16,
            3 => 12 + 20,
            4 => 12 + 28,
            _ => null,
        };
    }
}
