using NetVips;

namespace ImageEditor.Converters.ContractTests.Pictures;

/// <summary>Pictures of 64 × 16 whose left half is fully transparent over random light green, and whose right half is dark red.</summary>
internal static class HiddenColours
{
    /// <summary>The most green of what is seen, with what lossy encoders and converters add to it.</summary>
    public const int LightestGreenSeen = 120;

    private const int Width = 64;
    private const int Height = 16;

    /// <summary>Formats that hold colours under full transparency without loss, with their channels and depth.</summary>
    public static readonly (string Format, int Bands, bool IsDeep)[] Kinds =
        [("png", 4, false), ("png", 2, false), ("png", 4, true), ("tif", 4, false), ("webp", 4, false), ("avif", 4, false)];

    /// <summary>The same for theories.</summary>
    public static TheoryData<string, int, bool> Formats => [.. Kinds.Select(kind => new TheoryDataRow<string, int, bool>(
        kind.Format, kind.Bands, kind.IsDeep))];

    /// <param name="format">The suffix.</param>
    /// <param name="bands">2 or 4.</param>
    /// <param name="isDeep">Whether it has 16 bits per channel.</param>
    /// <param name="seed">Decides what is hidden.</param>
    public static byte[] File(string format, int bands, bool isDeep, int seed) =>
        FileCache.GetOrCreate((nameof(HiddenColours), format, bands, isDeep, seed), () =>
    {
        var random = new Random(seed);
        var pixels = new byte[Width * Height * bands];
        for (var i = 0; i < Width * Height; i++)
        {
            var isHidden = i % Width < Width / 2;
            var hidden = (byte)random.Next(200, 256);
            byte[] colour = bands == 2
                ? [isHidden ? hidden : (byte)30]
                : isHidden ? [(byte)random.Next(60), hidden, (byte)random.Next(60)] : [(byte)(60 + i % Width / 2), 20, 30];
            colour.CopyTo(pixels, i * bands);
            pixels[i * bands + bands - 1] = (byte)(isHidden ? 0 : i % Width == Width / 2 ? 120 : 255);
        }

        using var shallow = Image.NewFromMemory(pixels, Width, Height, bands, Enums.BandFormat.Uchar)
            .Copy(interpretation: bands == 2 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
        using var deep = shallow.Linear([257], [0]).Cast(Enums.BandFormat.Ushort)
            .Copy(interpretation: bands == 2 ? Enums.Interpretation.Grey16 : Enums.Interpretation.Rgb16);
        return format == "avif"
            ? shallow.HeifsaveBuffer(lossless: true, effort: 0, compression: Enums.ForeignHeifCompression.Av1)
            : GeneratedImages.File(isDeep ? deep : shallow, format);
    });
}
