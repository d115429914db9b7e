using ImageEditor.Converters.Images;
using NetVips;

namespace ImageEditor.Converters.Grayscale;

/// <summary>Luminance of linear light with the weights of Rec. ITU-R BT.709, encoded as sRGB (IEC 61966-2-1) again.</summary>
internal static class Luminance
{
    /// <summary>Red, green and blue.</summary>
    private static readonly double[] Weights = [0.2126, 0.7152, 0.0722];

    /// <summary>
    /// The largest sum of weighted 16-bit values: with it the table of the heaviest channel, green, just fits into 16 bits.
    /// </summary>
    private static readonly double Scale = ushort.MaxValue / (3 * Weights[1]);

    private static readonly Lazy<ushort[]> Weighted = new(WeightedLight);
    private static readonly Lazy<byte[]> Encoded = new(EncodedLight);

    /// <summary>One channel of sRGB grey, and alpha where there was alpha, without a profile and as deep as before.</summary>
    /// <param name="image">8 or 16 bits per channel, grey or RGB with any profile.</param>
    public static Image Of(Image image)
    {
        using var srgb = Colours.ToSrgb(image);
        if (srgb.Bands < 3)
        {
            return srgb.Copy();
        }

        using var colour = srgb.ExtractBand(0, n: 3);
        using var grey = srgb.Format == Enums.BandFormat.Ushort ? OfDeep(colour) : OfShallow(colour);
        if (srgb.Bands == 3)
        {
            return grey.Copy();
        }

        using var alpha = srgb.ExtractBand(3);
        return grey.Bandjoin(alpha);
    }

    /// <summary>8 bits: two tables and whole numbers. The mean of three weighted channels is their luminance, to 15 bits.</summary>
    private static Image OfShallow(Image colour)
    {
        using var weighted = Image.NewFromMemory(Weighted.Value, 256, 1, 3, Enums.BandFormat.Ushort);
        using var encoded = Image.NewFromMemory(Encoded.Value, Encoded.Value.Length, 1, 1, Enums.BandFormat.Uchar);
        using var light = colour.Maplut(weighted);
        using var luminance = light.Bandmean();
        using var grey = luminance.Maplut(encoded);
        return grey.Copy(interpretation: Enums.Interpretation.Bw);
    }

    /// <summary>16 bits: a table as fine as the steps near black would be too long, so the curve is computed.</summary>
    private static Image OfDeep(Image colour)
    {
        var linear = Enumerable.Range(0, 65536).Select(value => (float)ToLinear(value / 65535.0)).ToArray();
        using var table = Image.NewFromMemory(linear, 65536, 1, 1, Enums.BandFormat.Float);
        using var weights = Image.NewFromArray(new[,] { { Weights[0], Weights[1], Weights[2] } });
        using var light = colour.Maplut(table);
        using var luminance = light.Recomb(weights);
        using var root = luminance.Pow(1 / 2.4);
        using var curve = root.Linear([1.055 * 65535], [-0.055 * 65535]);
        using var line = luminance.Linear([12.92 * 65535], [0]);
        using var dark = luminance <= 0.0031308;
        using var grey = dark.Ifthenelse(line, curve);
        using var rounded = grey.Rint();
        using var cast = rounded.Cast(Enums.BandFormat.Ushort);
        return cast.Copy(interpretation: Enums.Interpretation.Grey16);
    }

    private static ushort[] WeightedLight() =>
        [.. from value in Enumerable.Range(0, 256)
            from weight in Weights
            select (ushort)Math.Round(3 * weight * Scale * ToLinear(value / 255.0))];

    private static byte[] EncodedLight() =>
        [.. from light in Enumerable.Range(0, (int)Math.Ceiling(Scale) + 1)
            select (byte)Math.Round(255 * ToEncoded(Math.Min(1, light / Scale)))];

    /// <summary>From an sRGB value to light, both from 0 to 1.</summary>
    private static double ToLinear(double value) => value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);

    /// <summary>From light to an sRGB value, both from 0 to 1.</summary>
    private static double ToEncoded(double light) => light <= 0.0031308 ? 12.92 * light : 1.055 * Math.Pow(light, 1 / 2.4) - 0.055;
}
