using System.Numerics;
using NetVips;

namespace ImageEditor.Converters.Images;

/// <summary>Changes that make of each value another, whatever is beside it: one look into a table for each channel of a pixel.</summary>
public static class Curves
{
    /// <summary>Changes the colour channels of a picture and leaves its alpha.</summary>
    /// <param name="image">8 or 16 bits per channel, alpha last or none.</param>
    /// <param name="curve">From a value to a value, both from 0 to 1; what is beyond that is cut off.</param>
    public static Image Map(Image image, Func<double, double> curve)
    {
        var colours = image.HasAlpha() ? image.Bands - 1 : image.Bands;
        using var table = image.Format == Enums.BandFormat.Ushort
            ? Image.NewFromMemory(Table<ushort>(curve, image.Bands, colours, 65_536), 65_536, 1, image.Bands, Enums.BandFormat.Ushort)
            : Image.NewFromMemory(Table<byte>(curve, image.Bands, colours, 256), 256, 1, image.Bands, Enums.BandFormat.Uchar);
        return image.Maplut(table);
    }

    private static T[] Table<T>(Func<double, double> curve, int bands, int colours, int depth)
        where T : struct, INumber<T>
    {
        var maximum = depth - 1.0;
        var table = new T[depth * bands];
        for (var value = 0; value < depth; value++)
        {
            var changed = Math.Round(maximum * Math.Clamp(curve(value / maximum), 0, 1));
            for (var band = 0; band < bands; band++)
            {
                table[(value * bands) + band] = T.CreateChecked(band < colours ? changed : value);
            }
        }

        return table;
    }
}
