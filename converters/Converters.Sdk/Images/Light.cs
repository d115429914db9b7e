using NetVips;

namespace ImageEditor.Converters.Images;

/// <summary>
/// Values that are in proportion to light, in which sizes are changed and exposures corrected: the curve of sRGB (IEC 61966-2-1) undone.
/// </summary>
/// <remarks>
/// The curve is taken for that of every profile. It is that of Display P3, and near those of the others. Who goes there and back gets the
/// same colours whatever the profile is; only how two of them mix depends on it.
/// </remarks>
public static class Light
{
    /// <summary>Where 8 bits are encoded, by way of a table, so fine that its steps are seen nowhere.</summary>
    private const int Levels = 65_536;

    private static readonly Lazy<float[]> Shallow = new(() => Table(256));
    private static readonly Lazy<float[]> Deep = new(() => Table(65_536));
    private static readonly Lazy<byte[]> Encoded = new(() => EncodedBy(value => value));

    /// <summary>Light from 0 to 1, in floats; alpha from 0 to 1, too.</summary>
    /// <param name="image">8 or 16 bits per channel, alpha last or none.</param>
    public static Image Of(Image image)
    {
        var isDeep = image.Format == Enums.BandFormat.Ushort;
        var values = isDeep ? Deep.Value : Shallow.Value;
        using var table = Image.NewFromMemory(values, values.Length, 1, 1, Enums.BandFormat.Float);
        if (!image.HasAlpha())
        {
            return image.Maplut(table);
        }

        using var colours = image.ExtractBand(0, n: image.Bands - 1);
        using var alpha = image.ExtractBand(image.Bands - 1);
        using var light = colours.Maplut(table);
        using var opacity = alpha.Linear([1.0 / MaximumOf(image)], [0]);
        return light.Bandjoin(opacity);
    }

    /// <summary>The opposite of <see cref="Of"/>: what is below 0 or above 1 becomes black or white.</summary>
    /// <param name="light">Light from 0 to 1, alpha last or none.</param>
    /// <param name="like">A picture of the depth and colour space that is wanted.</param>
    /// <param name="curve">What is made of each encoded value, from 0 to 1, before it is rounded; null leaves it.</param>
    public static Image Encode(Image light, Image like, Func<double, double>? curve = null)
    {
        if (!light.HasAlpha())
        {
            return EncodeColours(light, like, curve);
        }

        using var colours = light.ExtractBand(0, n: light.Bands - 1);
        using var encoded = EncodeColours(colours, like, curve);
        using var alpha = light.ExtractBand(light.Bands - 1);
        using var scaled = alpha.Linear([(double)MaximumOf(like)], [0]);
        using var rounded = scaled.Rint();
        using var opacity = rounded.Cast(like.Format);
        using var whole = encoded.Bandjoin(opacity);
        return whole.Copy(interpretation: like.Interpretation);
    }

    /// <summary>From a value of sRGB to light, both from 0 to 1.</summary>
    public static double ToLinear(double value) => value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);

    /// <summary>From light to a value of sRGB, both from 0 to 1.</summary>
    public static double ToEncoded(double light) => light <= 0.0031308 ? 12.92 * light : 1.055 * Math.Pow(light, 1 / 2.4) - 0.055;

    private static Image EncodeColours(Image light, Image like, Func<double, double>? curve)
    {
        if (like.Format != Enums.BandFormat.Ushort)
        {
            using var levels = light.Linear([Levels - 1.0], [0]);
            using var whole = levels.Rint();
            using var index = whole.Cast(Enums.BandFormat.Ushort);
            var bytes = curve is null ? Encoded.Value : EncodedBy(curve);
            using var table = Image.NewFromMemory(bytes, Levels, 1, 1, Enums.BandFormat.Uchar);
            using var shallow = index.Maplut(table);
            return shallow.Copy(interpretation: like.Interpretation);
        }

        // A table as fine as the steps near black would be too long, so the curve is computed.
        using var root = light.Pow(1 / 2.4);
        using var bow = root.Linear([1.055 * ushort.MaxValue], [-0.055 * ushort.MaxValue]);
        using var line = light.Linear([12.92 * ushort.MaxValue], [0]);
        using var dark = light <= 0.0031308;
        using var encoded = dark.Ifthenelse(line, bow);
        using var rounded = encoded.Rint();
        using var deep = rounded.Cast(Enums.BandFormat.Ushort);
        using var changed = curve is null ? deep.Copy() : Curves.Map(deep, curve);
        return changed.Copy(interpretation: like.Interpretation);
    }

    private static byte[] EncodedBy(Func<double, double> curve) =>
    [
        .. from level in Enumerable.Range(0, Levels)
           select (byte)Math.Round(255 * Math.Clamp(curve(ToEncoded(level / (Levels - 1.0))), 0, 1)),
    ];

    private static int MaximumOf(Image image) => image.Format == Enums.BandFormat.Ushort ? ushort.MaxValue : byte.MaxValue;

    private static float[] Table(int depth) =>
        [.. Enumerable.Range(0, depth).Select(value => (float)ToLinear(value / (depth - 1.0)))];
}
