using NetVips;

namespace ImageEditor.Converters.Images;

/// <summary>
/// Colours that nobody sees: those of fully transparent pixels. What was cut out of a picture may still be there, a face or a licence
/// plate, so no converter reads such a colour, and none is written.
/// </summary>
public static class Transparency
{
    /// <summary>Spread colours are computed at half the size, in a third of the time.</summary>
    private const int Shrunk = 2;

    /// <summary>How far colours spread below full transparency: the standard deviation of a Gaussian, in pixels at that size.</summary>
    private const double Spread = 1;

    /// <summary>Where the Gaussian ends, as a part of its largest value: 3 pixels away at that size.</summary>
    private const double SpreadEnd = 0.02;

    /// <summary>Pixels of what is kept at once, and how many of them above one another: the rows that are written, and those around.</summary>
    private const int TileSide = 128;
    private const int KeptRows = 3;

    /// <summary>Makes the colours of fully transparent pixels black.</summary>
    /// <param name="image">8 or 16 bits per channel, alpha last or none.</param>
    /// <returns>Computed as it is read, row by row.</returns>
    public static Image WithoutHiddenColours(Image image)
    {
        if (!image.HasAlpha())
        {
            return image.Copy();
        }

        using var hidden = Hidden(image, DepthOf(image));
        return hidden.Ifthenelse(new double[image.Bands], image);
    }

    /// <summary>
    /// Gives fully transparent pixels the colours that are seen beside them, a few pixels far, and black beyond: who scales the picture
    /// without regard to alpha then gets no rim.
    /// </summary>
    /// <param name="image">8 or 16 bits per channel, alpha last or none.</param>
    /// <param name="bits">Bits per channel of the file: pixels that become fully transparent in it count, too.</param>
    /// <returns>Computed as it is read, row by row.</returns>
    internal static Image WithSpreadColours(Image image, int bits)
    {
        if (!image.HasAlpha())
        {
            return image.Copy();
        }

        // What is computed of it is read three times over.
        using var kept = image.Tilecache(
            tileWidth: TileSide,
            tileHeight: TileSide,
            maxTiles: KeptRows * (image.Width / TileSide + 1),
            access: Enums.Access.Sequential,
            threaded: true);
        using var hidden = Hidden(kept, bits);
        using var spread = Spreading(kept, hidden);
        return hidden.Ifthenelse(spread, kept);
    }

    /// <summary>255 where a pixel is fully transparent in a file of so many bits, which cuts the lower ones off, and 0 elsewhere.</summary>
    private static Image Hidden(Image image, int bits)
    {
        using var alpha = image.ExtractBand(image.Bands - 1);
        return alpha < (double)(1 << Math.Max(0, DepthOf(image) - bits));
    }

    /// <summary>The mean of the colours around, each weighted by its opacity; black where there are none; alpha 0.</summary>
    private static Image Spreading(Image image, Image hidden)
    {
        using var seen = hidden.Ifthenelse(new double[image.Bands], image);
        using var alpha = seen.ExtractBand(image.Bands - 1);
        using var colours = seen.ExtractBand(0, n: image.Bands - 1);
        using var weighted = colours * alpha;
        using var both = weighted.Bandjoin(alpha);
        using var floats = both.Cast(Enums.BandFormat.Float);
        using var small = floats.Shrink(Shrunk, Shrunk, ceil: true);
        using var blurred = small.Gaussblur(Spread, minAmpl: SpreadEnd, precision: Enums.Precision.Float);
        using var sums = blurred.ExtractBand(0, n: image.Bands - 1);
        using var weight = blurred.ExtractBand(image.Bands - 1);

        // libvips divides by 0 to 0.
        using var means = sums / weight;
        using var rounded = means.Rint();
        using var cast = rounded.Cast(image.Format);
        using var transparent = cast.Bandjoin(0);
        using var large = transparent.Zoom(Shrunk, Shrunk);
        return large.Crop(0, 0, image.Width, image.Height);
    }

    private static int DepthOf(Image image) => image.Format == Enums.BandFormat.Ushort ? 16 : 8;
}
