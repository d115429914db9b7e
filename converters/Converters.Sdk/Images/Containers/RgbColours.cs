using System.Diagnostics.CodeAnalysis;

namespace ImageEditor.Converters.Images.Containers;

/// <summary>What the values of red, green and blue mean.</summary>
/// <param name="Primaries">The colours at full value.</param>
/// <param name="Curve">How values grow to light.</param>
internal sealed record RgbColours(RgbPrimaries Primaries, ToneCurve Curve)
{
    public bool IsSrgb => Primaries == RgbPrimaries.Srgb && Curve == ToneCurve.Srgb;
}

/// <summary>How a value x from 0 to 1 becomes light: (a·x + b)^g from d on, and c·x below.</summary>
/// <param name="Gamma">g.</param>
/// <param name="Scale">a.</param>
/// <param name="Offset">b.</param>
/// <param name="Slope">c.</param>
/// <param name="Threshold">d.</param>
internal sealed record ToneCurve(double Gamma, double Scale = 1, double Offset = 0, double Slope = 0, double Threshold = 0)
{
    /// <summary>IEC 61966-2-1.</summary>
    public static readonly ToneCurve Srgb = new(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045);

    /// <summary>ITU-R BT.1886: how displays, and browsers, show what was filmed by BT.709, 601 and 2020.</summary>
    public static readonly ToneCurve Bt1886 = Power(2.4);

    /// <summary>SMPTE ST 240.</summary>
    public static readonly ToneCurve Smpte240 = new(1 / 0.45, 1 / 1.1115, 0.1115 / 1.1115, 1 / 4.0, 0.0912);

    /// <summary>SMPTE ST 428-1.</summary>
    public static readonly ToneCurve Smpte428 = new(2.6, Math.Pow(52.37 / 48, 1 / 2.6));

    public static ToneCurve Power(double gamma) => new(gamma);
}

/// <summary>White and the three primaries as x and y of CIE 1931.</summary>
internal sealed record RgbPrimaries(
    (double X, double Y) White, (double X, double Y) Red, (double X, double Y) Green, (double X, double Y) Blue)
{
    public static readonly (double X, double Y) D65 = (0.3127, 0.3290);
    public static readonly RgbPrimaries Srgb = new(D65, (0.64, 0.33), (0.30, 0.60), (0.15, 0.06));

    /// <summary>Bradford's matrix, to cones, and back.</summary>
    private static readonly double[][] Cones = [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]];
    private static readonly double[] D50 = [0.9642, 1, 0.8249];

    /// <summary>Whether a colour can be computed with them.</summary>
    public bool AreUsable => White.Y > 0 && Red.Y > 0 && Green.Y > 0 && Blue.Y > 0
        && ToXyz().All(column => column.All(double.IsFinite) && column.All(value => Math.Abs(value) < 100));

    /// <summary>X, Y and Z of red, of green and of blue, relative to D50.</summary>
    public double[][] ToXyz()
    {
        double[][] columns = [Xyz(Red), Xyz(Green), Xyz(Blue)];
        var white = Xyz(White);
        var shares = Multiply(Inverse(Transposed(columns)), white);

        // White's cones answer as D50's do: by so much each answer is scaled.
        var (from, to) = (Multiply(Cones, white), Multiply(Cones, D50));
        return [.. columns.Select((column, i) =>
        {
            var answers = Multiply(Cones, [.. column.Select(value => value * shares[i])]);
            return Multiply(Inverse(Cones), [.. answers.Select((answer, cone) => answer * to[cone] / from[cone])]);
        })];
    }

    private static double[] Xyz((double X, double Y) colour) => [colour.X / colour.Y, 1, (1 - colour.X - colour.Y) / colour.Y];

    private static double[] Multiply(double[][] matrix, double[] vector) =>
        [.. matrix.Select(row => row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2])];

    private static double[][] Transposed(double[][] matrix) =>
        [.. Enumerable.Range(0, 3).Select(i => (double[])[matrix[0][i], matrix[1][i], matrix[2][i]])];

    /// <summary>By cofactors.</summary>
    private static double[][] Inverse(double[][] m)
    {
        double Cofactor(int row, int column)
        {
            var (r1, r2, c1, c2) = ((row + 1) % 3, (row + 2) % 3, (column + 1) % 3, (column + 2) % 3);
            return m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1];
        }

        var determinant = Enumerable.Range(0, 3).Sum(i => m[0][i] * Cofactor(0, i));
        return [.. Enumerable.Range(0, 3).Select(row =>
            Enumerable.Range(0, 3).Select(column => Cofactor(column, row) / determinant).ToArray())];
    }
}

/// <summary>Colours by the numbers of ITU-T H.273, as PNG's cICP and AVIF's nclx have them.</summary>
internal static class CodedColours
{
    private static readonly Dictionary<int, RgbPrimaries> Primaries = new()
    {
        [1] = RgbPrimaries.Srgb,
        [4] = new((0.310, 0.316), (0.67, 0.33), (0.21, 0.71), (0.14, 0.08)),
        [5] = new(RgbPrimaries.D65, (0.64, 0.33), (0.29, 0.60), (0.15, 0.06)),
        [6] = new(RgbPrimaries.D65, (0.630, 0.340), (0.310, 0.595), (0.155, 0.070)),
        [7] = new(RgbPrimaries.D65, (0.630, 0.340), (0.310, 0.595), (0.155, 0.070)),
        [8] = new((0.310, 0.316), (0.681, 0.319), (0.243, 0.692), (0.145, 0.049)),
        [9] = new(RgbPrimaries.D65, (0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
        [11] = new((0.314, 0.351), (0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
        [12] = new(RgbPrimaries.D65, (0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
        [22] = new(RgbPrimaries.D65, (0.630, 0.340), (0.295, 0.605), (0.155, 0.077)),
    };

    private static readonly Dictionary<int, ToneCurve> Curves = new()
    {
        [1] = ToneCurve.Bt1886,
        [4] = ToneCurve.Power(2.2),
        [5] = ToneCurve.Power(2.8),
        [6] = ToneCurve.Bt1886,
        [7] = ToneCurve.Smpte240,
        [8] = ToneCurve.Power(1),
        [11] = ToneCurve.Bt1886,
        [13] = ToneCurve.Srgb,
        [14] = ToneCurve.Bt1886,
        [15] = ToneCurve.Bt1886,
        [17] = ToneCurve.Smpte428,
    };

    /// <summary>False for numbers that mean nothing here, HDR's among them (16 and 18): such colours count as sRGB.</summary>
    public static bool TryFind(int primaries, int transfer, [NotNullWhen(true)] out RgbColours? colours)
    {
        colours = Primaries.TryGetValue(primaries, out var found) && Curves.TryGetValue(transfer, out var curve)
            ? new RgbColours(found, curve)
            : null;
        return colours is not null;
    }
}
