namespace ImageEditor.Converters.Adjust.Tones;

/// <summary>
/// White of another light: daylight of another temperature (the D illuminants of CIE 15), moved across the line of daylights for tint, and
/// colours adapted to it as Bradford's transform does (ICC.1:2010, annex E).
/// </summary>
internal static class WhiteBalance
{
    /// <summary>Kelvin, of D65.</summary>
    private const double Daylight = 6504;

    /// <summary>
    /// Millionths of 1/K for a step of temperature: 100 steps are 4,100 K, -100 are 15,700 K; daylight's formulas hold from 4,000 K to
    /// 25,000 K.
    /// </summary>
    private const double MiredPerStep = 0.9;

    /// <summary>Distance in the CIE 1960 diagram, for a step of tint.</summary>
    private const double TintPerStep = 0.0002;

    /// <summary>Linear sRGB to XYZ (IEC 61966-2-1), the way back, Bradford's cones, and the way back.</summary>
    private static readonly double[,] ToXyz =
        { { 0.4124564, 0.3575761, 0.1804375 }, { 0.2126729, 0.7151522, 0.0721750 }, { 0.0193339, 0.1191920, 0.9503041 } };

    private static readonly double[,] FromXyz =
        { { 3.2404542, -1.5371385, -0.4985314 }, { -0.9692660, 1.8760108, 0.0415560 }, { 0.0556434, -0.2040259, 1.0572252 } };

    private static readonly double[,] ToCones =
        { { 0.8951, 0.2664, -0.1614 }, { -0.7502, 1.7135, 0.0367 }, { 0.0389, -0.0685, 1.0296 } };

    private static readonly double[,] FromCones =
        { { 0.9869929, -0.1470543, 0.1599627 }, { 0.4323053, 0.5183603, 0.0492912 }, { -0.0085287, 0.0400428, 0.9684867 } };

    /// <summary>From linear sRGB to linear sRGB; white of the picture becomes that light's white, as bright as before.</summary>
    /// <param name="temperature">From -100, cool, to 100, warm.</param>
    /// <param name="tint">From -100, green, to 100, magenta.</param>
    public static double[,] Matrix(double temperature, double tint)
    {
        var (before, after) = (Cones(White(0, 0)), Cones(White(temperature, tint)));
        double[,] gains = { { after[0] / before[0], 0, 0 }, { 0, after[1] / before[1], 0 }, { 0, 0, after[2] / before[2] } };
        return ColourMatrix.Multiply(
            FromXyz,
            ColourMatrix.Multiply(FromCones, ColourMatrix.Multiply(gains, ColourMatrix.Multiply(ToCones, ToXyz))));
    }

    /// <summary>XYZ of a white, with Y = 1.</summary>
    private static double[] White(double temperature, double tint)
    {
        var mired = (1e6 / Daylight) + (MiredPerStep * temperature);
        var ((u, v), (nextU, nextV)) = (DaylightAt(mired), DaylightAt(mired + 1));

        // Across the line in the diagram in which equal distances look alike: away from green, where v is large.
        var (du, dv) = (nextU - u, nextV - v);
        var step = TintPerStep * tint / Math.Sqrt((du * du) + (dv * dv));
        (u, v) = (u + (step * dv), v - (step * du));
        var (x, y) = (3 * u / ((2 * u) - (8 * v) + 4), 2 * v / ((2 * u) - (8 * v) + 4));
        return [x / y, 1, (1 - x - y) / y];
    }

    /// <summary>The place of a daylight in the CIE 1960 diagram.</summary>
    private static (double U, double V) DaylightAt(double mired)
    {
        var kelvin = 1e6 / mired;
        var (a, b, c, d) = kelvin <= 7000 ? (-4.6070e9, 2.9678e6, 99.11, 0.244063) : (-2.0064e9, 1.9018e6, 247.48, 0.237040);
        var x = (((((a / kelvin) + b) / kelvin) + c) / kelvin) + d;
        var y = (((-3 * x) + 2.870) * x) - 0.275;
        return (4 * x / ((-2 * x) + (12 * y) + 3), 6 * y / ((-2 * x) + (12 * y) + 3));
    }

    private static double[] Cones(double[] xyz) =>
        [.. Enumerable.Range(0, 3).Select(row => (ToCones[row, 0] * xyz[0]) + (ToCones[row, 1] * xyz[1]) + (ToCones[row, 2] * xyz[2]))];
}
