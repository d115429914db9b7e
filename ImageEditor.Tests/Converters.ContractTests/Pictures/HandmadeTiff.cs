using System.Buffers.Binary;

namespace ImageEditor.Converters.ContractTests.Pictures;

/// <summary>TIFF files of kinds that no image library writes.</summary>
internal static class HandmadeTiff
{
    public const int Width = 16;
    public const int Height = 12;

    /// <summary>A page of 16 × 12 in one strip.</summary>
    /// <param name="Photometric">What its colours are: 1 grey, 2 RGB, 5 CMYK, 6 YCbCr, 8 and 9 Lab.</param>
    /// <param name="Bits">Per sample.</param>
    /// <param name="Channels">How many samples a pixel has.</param>
    /// <param name="Data">The strip.</param>
    /// <param name="Compression">1 for none.</param>
    /// <param name="Extra">What channels beyond the colours are: 0 anything, 1 and 2 alpha; null to leave it unsaid.</param>
    /// <param name="More">Further entries of one 16-bit number each.</param>
    public sealed record Page(
        int Photometric,
        int Bits,
        int Channels,
        byte[] Data,
        int Compression = 1,
        int[]? Extra = null,
        params (int Tag, int[] Values)[] More)
    {
        public int PageWidth { get; init; } = Width;

        /// <summary>Bits of each channel, where they differ.</summary>
        public int[]? BitsOfEach { get; init; }
    }

    /// <summary>Pixels of 8 bits, each made of its place.</summary>
    public static byte[] Samples(Func<int, int, byte[]> pixel) =>
        [.. from y in Enumerable.Range(0, Height) from x in Enumerable.Range(0, Width) from sample in pixel(x, y) select sample];

    /// <summary>Red to the right, green downwards, and the further channels as given.</summary>
    public static byte[] Rgb(params byte[] more) => Samples((x, y) => [(byte)(x * 16), (byte)(y * 20), 90, .. more]);

    public static byte[] File(params Page[] pages)
    {
        var file = new List<byte>([.. "II*\0"u8, 0, 0, 0, 0]);
        var link = 4;
        foreach (var page in pages)
        {
            var strip = Append(page.Data);
            List<(int Tag, int[] Values)> entries =
            [
                (256, [page.PageWidth]), (257, [Height]),
                (258, page.BitsOfEach ?? [.. Enumerable.Repeat(page.Bits, page.Channels)]), (259, [page.Compression]),
                (262, [page.Photometric]), (277, [page.Channels]), (278, [Height]), (284, [1]), .. page.More,
            ];
            if (page.Extra is not null)
            {
                entries.Add((338, page.Extra));
            }

            var placed = entries.Select(entry => (entry.Tag, Type: 3, Count: entry.Values.Length, Value: Place(entry.Values))).ToList();
            placed.AddRange([(273, 4, 1, Little(strip, 4)), (279, 4, 1, Little(page.Data.Length, 4))]);
            var directory = Append(
            [
                .. Little(placed.Count, 2),
                .. placed.OrderBy(entry => entry.Tag).SelectMany(entry => (byte[])
                    [.. Little(entry.Tag, 2), .. Little(entry.Type, 2), .. Little(entry.Count, 4), .. entry.Value]),
                .. Little(0, 4),
            ]);
            for (var i = 0; i < 4; i++)
            {
                file[link + i] = Little(directory, 4)[i];
            }

            link = file.Count - 4;
        }

        return [.. file];

        byte[] Place(int[] values)
        {
            byte[] bytes = [.. values.SelectMany(value => Little(value, 2))];
            return bytes.Length <= 4 ? [.. bytes, .. new byte[4 - bytes.Length]] : Little(Append(bytes), 4);
        }

        int Append(byte[] bytes)
        {
            file.AddRange(new byte[file.Count & 1]);
            var at = file.Count;
            file.AddRange(bytes);
            return at;
        }
    }

    private static byte[] Little(int value, int size)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes[..size];
    }
}
