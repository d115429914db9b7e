namespace ImageEditor.Converters.Onnx.Tiles;

/// <summary>
/// Bicubic resampling (Keys 1981, a = -0.5), with the kernel widened when a picture becomes smaller, so that nothing aliases. Middles of
/// pixels stay where they are, and edges are continued.
/// </summary>
public static class Bicubic
{
    private const float A = -0.5f;

    /// <summary>Pixels from a kernel's middle to its end.</summary>
    private const float Reach = 2;

    /// <summary>Resizes some planes.</summary>
    /// <param name="planes">One after the other, each row by row.</param>
    /// <param name="count">How many planes there are.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="toWidth">Pixels.</param>
    /// <param name="toHeight">Pixels.</param>
    /// <returns>Planes of the new size; values may lie a little outside the old ones' range.</returns>
    public static float[] Resize(float[] planes, int count, int width, int height, int toWidth, int toHeight)
    {
        var across = new float[count * height * toWidth];
        var columns = Kernels(width, toWidth);
        for (var row = 0; row < count * height; row++)
        {
            for (var x = 0; x < toWidth; x++)
            {
                var sum = 0f;
                foreach (var (from, weight) in columns[x])
                {
                    sum += weight * planes[row * width + from];
                }

                across[row * toWidth + x] = sum;
            }
        }

        var result = new float[count * toHeight * toWidth];
        var rows = Kernels(height, toHeight);
        for (var plane = 0; plane < count; plane++)
        {
            for (var y = 0; y < toHeight; y++)
            {
                var target = result.AsSpan((plane * toHeight + y) * toWidth, toWidth);
                foreach (var (from, weight) in rows[y])
                {
                    var source = across.AsSpan((plane * height + from) * toWidth, toWidth);
                    for (var x = 0; x < target.Length; x++)
                    {
                        target[x] += weight * source[x];
                    }
                }
            }
        }

        return result;
    }

    /// <summary>For each position of the result, which positions of the source count how much.</summary>
    private static (int From, float Weight)[][] Kernels(int length, int toLength)
    {
        var ratio = (float)length / toLength;
        var widened = Math.Max(1, ratio);
        return [.. Enumerable.Range(0, toLength).Select(to =>
        {
            var middle = (to + 0.5f) * ratio - 0.5f;
            var first = (int)MathF.Ceiling(middle - Reach * widened);
            var positions = Enumerable.Range(first, (int)MathF.Floor(middle + Reach * widened) - first + 1);
            var weights = positions.Select(from => (From: Math.Clamp(from, 0, length - 1), Weight: Kernel((from - middle) / widened)))
                .ToArray();
            var sum = weights.Sum(weight => weight.Weight);
            return weights.Select(weight => (weight.From, weight.Weight / sum)).ToArray();
        })];
    }

    private static float Kernel(float at)
    {
        at = Math.Abs(at);
        return at < 1 ? ((A + 2) * at - (A + 3)) * at * at + 1
            : at < Reach ? A * (((at - 5) * at + 8) * at - 4)
            : 0;
    }
}
