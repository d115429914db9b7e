using NetVips;

namespace ImageEditor.Converters.Contrast;

/// <summary>
/// The contrast formula of Francis G. Loch's "Image Processing Algorithms": with c = 2.55·amount and f = 259(c+255) / (255(259-c)),
/// each colour channel v becomes f·(v-128)+128.
/// </summary>
internal static class ContrastCurve
{
    /// <summary>Changes the colour channels of a picture and leaves its alpha.</summary>
    /// <param name="image">8 or 16 bits per channel, in any colour space.</param>
    /// <param name="amount">From -100 (grey) over 0 (no change) to 100.</param>
    public static Image Apply(Image image, double amount)
    {
        var colours = image.HasAlpha() ? image.Bands - 1 : image.Bands;
        using var table = image.Format == Enums.BandFormat.Ushort
            ? Image.NewFromMemory(Table<ushort>(amount, image.Bands, colours, depth: 65536), 65536, 1, image.Bands, Enums.BandFormat.Ushort)
            : Image.NewFromMemory(Table<byte>(amount, image.Bands, colours, depth: 256), 256, 1, image.Bands, Enums.BandFormat.Uchar);
        return image.Maplut(table);
    }

    /// <summary>What each value of each channel becomes; one pass over the picture then does alpha along with the colours.</summary>
    private static T[] Table<T>(double amount, int bands, int colours, int depth)
        where T : struct, System.Numerics.INumber<T>
    {
        var c = 2.55 * amount;
        var factor = 259 * (c + 255) / (255 * (259 - c));
        var maximum = depth - 1;
        var middle = 128.0 * maximum / 255;
        var table = new T[depth * bands];
        for (var value = 0; value < depth; value++)
        {
            var changed = Math.Clamp(Math.Round(factor * (value - middle) + middle), 0, maximum);
            for (var band = 0; band < bands; band++)
            {
                table[value * bands + band] = T.CreateChecked(band < colours ? changed : value);
            }
        }

        return table;
    }
}
