using NetVips;

namespace ImageEditor.Converters.Images;

/// <summary>
/// Changes that mix pixels with one another: each colour weighs as much as it is seen, so that nothing comes in from under alpha 0.
/// </summary>
public static class Premultiplied
{
    /// <summary>Multiplies colours by alpha, changes the picture, and divides them again.</summary>
    /// <param name="image">8 or 16 bits per channel, or floats from 0 to 1; alpha last or none.</param>
    /// <param name="change">Makes a picture of the same channels and range of values.</param>
    /// <returns>As <paramref name="change"/> makes it: floats, not rounded, where there is alpha.</returns>
    public static Image Change(Image image, Func<Image, Image> change)
    {
        if (!image.HasAlpha())
        {
            return change(image);
        }

        double maximum = image.Format switch
        {
            Enums.BandFormat.Ushort => ushort.MaxValue,
            Enums.BandFormat.Uchar => byte.MaxValue,
            _ => 1,
        };
        using var premultiplied = image.Premultiply(maxAlpha: maximum);
        using var changed = change(premultiplied);
        return changed.Unpremultiply(maxAlpha: maximum);
    }

    /// <summary>The same for a picture of 8 or 16 bits per channel, which it becomes again.</summary>
    public static Image Map(Image image, Func<Image, Image> change)
    {
        using var changed = Change(image, change);
        using var rounded = changed.Rint();
        using var cast = rounded.Cast(image.Format);
        return cast.Copy(interpretation: image.Interpretation);
    }
}
