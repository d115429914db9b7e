using ImageEditor.Converters.Images;
using ImageEditor.Converters.RemoveBackground.Networks;
using NetVips;

namespace ImageEditor.Converters.RemoveBackground;

/// <summary>Where a person is: what a segmentation network sees, refined to the picture's edges.</summary>
internal static class PersonMask
{
    /// <summary>Pixels: the longest side at which the mask is refined.</summary>
    private const int RefinedSide = 768;

    /// <summary>Of <see cref="RefinedSide"/>: about how far off the network's edges are.</summary>
    private const double Radius = 0.012;

    /// <summary>Variance of colours, each from 0 to 1, below which there is no edge.</summary>
    private const float Epsilon = 1e-4f;

    /// <summary>
    /// Mask values below the first are transparent, above the second opaque: inside a person the network is sure but not certain.
    /// </summary>
    private const double TransparentBelow = 0.15;
    private const double OpaqueAbove = 0.85;

    /// <summary>A mask counts as a person from so large a part of the picture on.</summary>
    private const double MinPersonShare = 0.005;

    /// <summary>How sure the network must be for a pixel to count.</summary>
    private const float PersonThreshold = 0.5f;

    /// <summary>How much of the surroundings of a person the second run sees, as a part of the person's size.</summary>
    private const double Surroundings = 0.2;

    /// <summary>
    /// The person's mask, one channel from 0 to 255, as large as the picture, computed as it is read; null when there is nobody.
    /// </summary>
    /// <param name="picture">In memory; 8 or 16 bits per channel, grey or RGB.</param>
    /// <param name="network">The network.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static Image? Of(Image picture, SegmentationNetwork network, CancellationToken cancellationToken)
    {
        using var guide = ToNetworkInput(picture);
        using var small = Shrunk(guide);
        using var first = network.Segment(small, releaseMemory: false, cancellationToken);
        if (BoundsOf(first) is not { } bounds)
        {
            return null;
        }

        // A second run, on the person alone, sees more detail.
        using var closer = small.Crop(bounds.Left, bounds.Top, bounds.Width, bounds.Height);
        using var second = network.Segment(closer, releaseMemory: true, cancellationToken);
        using var mask = second.Embed(bounds.Left, bounds.Top, small.Width, small.Height);
        return Refined(mask, small, guide);
    }

    /// <summary>Opaque sRGB of 8 bits.</summary>
    internal static Image ToNetworkInput(Image picture)
    {
        using var srgb = Colours.ToSrgb(picture);
        using var shallow = srgb.Colourspace(Enums.Interpretation.Srgb);
        return shallow.HasAlpha() ? shallow.Flatten(background: [255]) : shallow.Copy();
    }

    private static Image Shrunk(Image picture)
    {
        var scale = Math.Min(1, (double)RefinedSide / Math.Max(picture.Width, picture.Height));
        using var resized = picture.Resize(scale);
        return resized.CopyMemory();
    }

    /// <summary>The rectangle that holds the person and some of its surroundings; null when there is nobody.</summary>
    private static (int Left, int Top, int Width, int Height)? BoundsOf(Image mask)
    {
        var values = mask.WriteToMemory<float>();
        var (left, top, right, bottom, count) = (mask.Width, mask.Height, -1, -1, 0);
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] >= PersonThreshold)
            {
                var (x, y) = (i % mask.Width, i / mask.Width);
                (left, top, right, bottom, count) = (
                    Math.Min(left, x), Math.Min(top, y), Math.Max(right, x), Math.Max(bottom, y), count + 1);
            }
        }

        if (count < MinPersonShare * values.Length)
        {
            return null;
        }

        var (wider, higher) = ((int)(Surroundings * (right - left)), (int)(Surroundings * (bottom - top)));
        (left, top) = (Math.Max(0, left - wider), Math.Max(0, top - higher));
        return (left, top, Math.Min(mask.Width, right + 1 + wider) - left, Math.Min(mask.Height, bottom + 1 + higher) - top);
    }

    private static Image Refined(Image mask, Image small, Image full)
    {
        var pixels = small.WriteToMemory<byte>();
        var guide = Enumerable.Range(0, 3).Select(channel => Plane(pixels, channel)).ToArray();
        var radius = Math.Max(1, (int)Math.Round(Radius * Math.Max(small.Width, small.Height)));
        var decided = Array.ConvertAll(
            mask.WriteToMemory<float>(), value => (float)Math.Clamp((value - TransparentBelow) / (OpaqueAbove - TransparentBelow), 0, 1));
        var planes = GuidedFilter.Coefficients(guide, decided, small.Width, small.Height, radius, Epsilon);
        Image? refined = null;
        for (var plane = 0; plane < planes.Length; plane++)
        {
            using var memory = Image.NewFromMemory(planes[plane], small.Width, small.Height, 1, Enums.BandFormat.Float);
            using var resized = memory.Resize(
                (double)full.Width / small.Width, vscale: (double)full.Height / small.Height, kernel: Enums.Kernel.Linear);
            using var factor = resized.Gravity(Enums.CompassDirection.Centre, full.Width, full.Height, extend: Enums.Extend.Copy);
            using var channel = plane < 3 ? full.ExtractBand(plane) : null;
            using var scaled = channel?.Linear([1 / 255.0], [0]);
            using var term = scaled is null ? factor.Copy() : factor * scaled;
            using var before = refined;
            refined = before is null ? term.Copy() : before + term;
        }

        using var sum = refined!;
        using var stretched = sum.Linear(
            [255 / (OpaqueAbove - TransparentBelow)], [-255 * TransparentBelow / (OpaqueAbove - TransparentBelow)]);
        return stretched.Cast(Enums.BandFormat.Uchar);
    }

    private static float[] Plane(byte[] pixels, int channel)
    {
        var plane = new float[pixels.Length / 3];
        for (var i = 0; i < plane.Length; i++)
        {
            plane[i] = pixels[3 * i + channel] / 255f;
        }

        return plane;
    }
}
