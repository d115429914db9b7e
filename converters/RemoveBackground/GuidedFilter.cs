namespace ImageEditor.Converters.RemoveBackground;

/// <summary>
/// The guided filter with a colour guide (He, Sun, Tang 2010, "Guided Image Filtering"): in each small window the result is a linear
/// function of the guide's colours, so that its edges lie where the guide's do.
/// </summary>
internal static class GuidedFilter
{
    /// <summary>The linear functions, to be applied to the guide at any resolution (He, Sun 2015, "Fast Guided Filter").</summary>
    /// <param name="guide">Red, green and blue from 0 to 1, one after the other, each row by row.</param>
    /// <param name="mask">From 0 to 1, row by row.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="radius">Pixels from a window's middle to its edge.</param>
    /// <param name="epsilon">Variance of colours below which a window counts as flat.</param>
    /// <returns>Four planes: the factors of red, green and blue, and the constant.</returns>
    public static float[][] Coefficients(float[][] guide, float[] mask, int width, int height, int radius, float epsilon)
    {
        float[] Mean(float[] values) => BoxMean(values, width, height, radius);
        float[] MeanOfProduct(float[] one, float[] other) => Mean([.. one.Zip(other, (a, b) => a * b)]);

        var (red, green, blue) = (Mean(guide[0]), Mean(guide[1]), Mean(guide[2]));
        var mean = Mean(mask);
        var (maskRed, maskGreen, maskBlue) = (MeanOfProduct(guide[0], mask), MeanOfProduct(guide[1], mask), MeanOfProduct(guide[2], mask));
        var (rr, rg, rb) = (MeanOfProduct(guide[0], guide[0]), MeanOfProduct(guide[0], guide[1]), MeanOfProduct(guide[0], guide[2]));
        var (gg, gb, bb) = (MeanOfProduct(guide[1], guide[1]), MeanOfProduct(guide[1], guide[2]), MeanOfProduct(guide[2], guide[2]));
        var factors = new float[4][];
        for (var plane = 0; plane < factors.Length; plane++)
        {
            factors[plane] = new float[mask.Length];
        }

        for (var i = 0; i < mask.Length; i++)
        {
            // The covariance matrix of the window's colours, with epsilon on its diagonal, inverted by cofactors.
            var (a, b, c) = (rr[i] - red[i] * red[i] + epsilon, rg[i] - red[i] * green[i], rb[i] - red[i] * blue[i]);
            var (d, e, f) = (gg[i] - green[i] * green[i] + epsilon, gb[i] - green[i] * blue[i], bb[i] - blue[i] * blue[i] + epsilon);
            var (x, y, z) = (maskRed[i] - red[i] * mean[i], maskGreen[i] - green[i] * mean[i], maskBlue[i] - blue[i] * mean[i]);
            var (df, ec, be) = (d * f - e * e, e * c - b * f, b * e - d * c);
            var (ac, bc, ab) = (a * f - c * c, b * c - a * e, a * d - b * b);
            var determinant = a * df + b * ec + c * be;
            factors[0][i] = (df * x + ec * y + be * z) / determinant;
            factors[1][i] = (ec * x + ac * y + bc * z) / determinant;
            factors[2][i] = (be * x + bc * y + ab * z) / determinant;
            factors[3][i] = mean[i] - factors[0][i] * red[i] - factors[1][i] * green[i] - factors[2][i] * blue[i];
        }

        return [.. factors.Select(Mean)];
    }

    /// <summary>The mean over a square window, within the picture, in time that does not depend on the radius.</summary>
    private static float[] BoxMean(float[] values, int width, int height, int radius)
    {
        var rows = new float[values.Length];
        for (var y = 0; y < height; y++)
        {
            RunningMean(values, rows, y * width, width, step: 1, radius);
        }

        var means = new float[values.Length];
        for (var x = 0; x < width; x++)
        {
            RunningMean(rows, means, x, height, width, radius);
        }

        return means;
    }

    private static void RunningMean(float[] values, float[] means, int start, int length, int step, int radius)
    {
        var sum = 0.0;
        for (var i = -radius; i < length; i++)
        {
            sum += i + radius < length ? values[start + (i + radius) * step] : 0;
            sum -= i - radius - 1 >= 0 ? values[start + (i - radius - 1) * step] : 0;
            if (i >= 0)
            {
                means[start + i * step] = (float)(sum / (Math.Min(length - 1, i + radius) - Math.Max(0, i - radius) + 1));
            }
        }
    }
}
