using NetVips;

namespace ImageEditor.Converters.Adjust.Effects;

/// <summary>Gaussian blur of premultiplied floats.</summary>
internal static class Gaussian
{
    /// <summary>Pixels: a wider one is computed of a smaller picture, where nothing finer than this is left to be seen.</summary>
    private const double WidestDirect = 6;

    /// <summary>Pixels, of the smaller picture.</summary>
    private const double Reduced = 3;

    /// <summary>Where the curve ends, as a part of its largest value: three standard deviations away.</summary>
    private const double End = 0.01;

    /// <summary>Blurs one frame whose rows can be read in any order.</summary>
    /// <param name="frame">Any channels.</param>
    /// <param name="radius">The standard deviation, in pixels; above 0.</param>
    /// <returns>Floats.</returns>
    public static Image Blur(Image frame, double radius)
    {
        using var floats = frame.Cast(Enums.BandFormat.Float);
        if (radius <= WidestDirect)
        {
            return floats.Gaussblur(radius, minAmpl: End, precision: Enums.Precision.Float);
        }

        var factor = Math.Floor(radius / Reduced);
        var (width, height) = (Math.Max(1, Math.Round(frame.Width / factor)), Math.Max(1, Math.Round(frame.Height / factor)));
        using var small = floats.Resize(width / frame.Width, vscale: height / frame.Height, kernel: Enums.Kernel.Linear);

        // Kept: each row of the result asks for many of these.
        using var reduced = small.CopyMemory();
        using var blurred = reduced.Gaussblur(radius / factor, minAmpl: End, precision: Enums.Precision.Float);
        using var wide = blurred.CopyMemory();
        return wide.Resize(frame.Width / width, vscale: frame.Height / height, kernel: Enums.Kernel.Cubic);
    }
}
