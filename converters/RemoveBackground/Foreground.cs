using NetVips;

namespace ImageEditor.Converters.RemoveBackground;

/// <summary>
/// The person's own colours: a pixel at the edge shows a mixture of person and background, and in front of something else the second would
/// be seen as a rim. So the less sure the mask is of a pixel, the more it gets the colour of what is surely person around it.
/// </summary>
internal static class Foreground
{
    /// <summary>How far around colours are looked for: a standard deviation, as a part of the longest side; at least in pixels.</summary>
    private const double Around = 0.012;
    private const double MinAround = 1.5;

    /// <summary>The mean is computed on a picture so much smaller than its standard deviation allows, for speed.</summary>
    private const double MeanAt = 2;

    /// <summary>How much a pixel counts for the mean, and for its own colour, is this power of its share of person.</summary>
    private const double WeightPower = 4;
    private const double OwnPower = 8;

    /// <summary>Keeps a mean from being computed from nothing; of 1.</summary>
    private const double NoWeight = 1e-5;

    /// <summary>The picture with the person's colours where the mask is neither 0 nor 255; the rest is what it was.</summary>
    /// <param name="picture">In memory; 8 or 16 bits per channel, grey or RGB, with or without alpha, which is kept.</param>
    /// <param name="mask">How much of each pixel is person, from 0 to 255.</param>
    public static Image Of(Image picture, Image mask)
    {
        using var colours = picture.HasAlpha() ? picture.ExtractBand(0, n: picture.Bands - 1) : picture.Copy();
        using var share = mask.Linear([1.0 / byte.MaxValue], [0]);
        using var sure = share.Pow(WeightPower);
        using var weights = picture.HasAlpha() ? Seen(picture, sure) : sure.Copy();
        using var person = MeanAround(colours, weights);
        using var own = share.Pow(OwnPower);
        using var difference = colours - person;
        using var part = difference * own;
        using var estimate = person + part;
        using var rounded = estimate.Rint();
        using var cast = rounded.Cast(picture.Format);
        using var isEdge = (mask > 0.0) & (mask < (double)byte.MaxValue);
        using var result = isEdge.Ifthenelse(cast, colours);
        if (!picture.HasAlpha())
        {
            return result.Copy(interpretation: picture.Interpretation);
        }

        using var alpha = picture.ExtractBand(picture.Bands - 1);
        using var both = result.Bandjoin(alpha);
        return both.Copy(interpretation: picture.Interpretation);
    }

    /// <summary>What is transparent counts for less.</summary>
    private static Image Seen(Image picture, Image weights)
    {
        using var alpha = picture.ExtractBand(picture.Bands - 1);
        using var opacity = alpha.Linear([1.0 / (picture.Format == Enums.BandFormat.Ushort ? ushort.MaxValue : byte.MaxValue)], [0]);
        return weights * opacity;
    }

    /// <summary>The weighted mean of the colours around each pixel; its own colour where nothing around counts.</summary>
    private static Image MeanAround(Image colours, Image weights)
    {
        var sigma = Math.Max(MinAround, Around * Math.Max(colours.Width, colours.Height));
        var scale = Math.Min(1, MeanAt / sigma);
        using var weighted = colours * weights;
        using var both = weighted.Bandjoin(weights);
        using var small = both.Resize(scale, kernel: Enums.Kernel.Linear);
        using var blurred = small.Gaussblur(sigma * scale, precision: Enums.Precision.Float, minAmpl: 0.01);
        using var resized = blurred.Resize(
            (double)colours.Width / blurred.Width, vscale: (double)colours.Height / blurred.Height, kernel: Enums.Kernel.Linear);
        using var fitting = resized.Gravity(Enums.CompassDirection.Centre, colours.Width, colours.Height, extend: Enums.Extend.Copy);
        using var sums = fitting.ExtractBand(0, n: colours.Bands);
        using var weight = fitting.ExtractBand(colours.Bands);
        using var known = weight > NoWeight;
        using var means = sums / weight;
        return known.Ifthenelse(means, colours);
    }
}
