using System.Numerics.Tensors;

namespace ImageEditor.Converters.Gradients;

/// <summary>Smooths a gradient: the stride-2 convolutions of the backward pass leave a checkerboard in it.</summary>
public static class Smoothing
{
    /// <summary>Convolves with a Gaussian; edges are continued.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="deviation">The Gaussian's standard deviation in pixels, above 0.</param>
    public static RgbPlanes Gaussian(RgbPlanes picture, double deviation)
    {
        var radius = (int)Math.Ceiling(3 * deviation);
        double[] weights = [.. Enumerable.Range(-radius, 2 * radius + 1).Select(x => Math.Exp(-x * x / (2 * deviation * deviation)))];
        float[] kernel = [.. weights.Select(weight => (float)(weight / weights.Sum()))];
        var (width, height) = (picture.Width, picture.Height);
        var across = new float[picture.Values.Length];
        var padded = new float[width + 2 * radius];
        for (var row = 0; row < 3 * height; row++)
        {
            var line = picture.Values.AsSpan(row * width, width);
            padded.AsSpan(0, radius).Fill(line[0]);
            line.CopyTo(padded.AsSpan(radius));
            padded.AsSpan(radius + width).Fill(line[^1]);
            Accumulate(across.AsSpan(row * width, width), kernel, padded, (shift, values) => values.AsSpan(shift, width));
        }

        var smooth = new RgbPlanes(width, height);
        for (var row = 0; row < 3 * height; row++)
        {
            var (plane, y) = (row / height * height, row % height);
            Accumulate(
                smooth.Values.AsSpan(row * width, width), kernel, across, (shift, values) =>
                    values.AsSpan((plane + Math.Clamp(y + shift - radius, 0, height - 1)) * width, width));
        }

        return smooth;
    }

    private static void Accumulate(Span<float> target, float[] kernel, float[] values, Func<int, float[], ReadOnlySpan<float>> shifted)
    {
        for (var shift = 0; shift < kernel.Length; shift++)
        {
            TensorPrimitives.MultiplyAdd(shifted(shift, values), kernel[shift], target, target);
        }
    }
}
