namespace ImageEditor.Converters.Geometry;

/// <summary>A picture turned about its middle, clockwise.</summary>
/// <param name="width">Pixels of the picture.</param>
/// <param name="height">Pixels of the picture.</param>
/// <param name="degrees">The angle.</param>
internal sealed class Turn(int width, int height, double degrees)
{
    /// <summary>Pixels: sides that are whole but for rounding in binary stay what they are.</summary>
    private const double Tolerance = 1e-6;

    public double Cosine { get; } = Math.Cos(degrees * Math.PI / 180);

    public double Sine { get; } = Math.Sin(degrees * Math.PI / 180);

    /// <summary>The smallest upright rectangle around the turned picture.</summary>
    public (int Width, int Height) Around => (
        Up((width * Math.Abs(Cosine)) + (height * Math.Abs(Sine))),
        Up((width * Math.Abs(Sine)) + (height * Math.Abs(Cosine))));

    /// <summary>The upright rectangle of most area that lies within the turned picture.</summary>
    /// <remarks>
    /// With s and c the sine and cosine, between 0 and 1: where the picture is so long that only its long sides bound the rectangle
    /// (short ≤ 2·s·c·long), its half is half of the short side's projection in one direction; else all four sides touch a corner each, and
    /// two equations say width and height: (width·c - height·s) / (c² - s²) and (height·c - width·s) / (c² - s²).
    /// </remarks>
    public (int Width, int Height) Within
    {
        get
        {
            var (s, c) = (Math.Abs(Sine), Math.Abs(Cosine));
            var (shortSide, longSide) = (Math.Min(width, height), Math.Max(width, height));
            if (shortSide <= 2 * s * c * longSide || Math.Abs(s - c) < Tolerance)
            {
                var half = shortSide / 2.0;
                return width >= height ? (Down(half / s), Down(half / c)) : (Down(half / c), Down(half / s));
            }

            var difference = (c * c) - (s * s);
            return (Down(((width * c) - (height * s)) / difference), Down(((height * c) - (width * s)) / difference));
        }
    }

    /// <summary>
    /// What is added to a turned place of the picture to find it in a result with the same middle. Places are those of pixels' middles.
    /// </summary>
    public (double X, double Y) OffsetTo(int resultWidth, int resultHeight)
    {
        var (x, y) = ((width - 1) / 2.0, (height - 1) / 2.0);
        return (
            ((resultWidth - 1) / 2.0) - ((Cosine * x) - (Sine * y)),
            ((resultHeight - 1) / 2.0) - ((Sine * x) + (Cosine * y)));
    }

    private static int Up(double side) => Math.Max(1, (int)Math.Ceiling(side - Tolerance));

    private static int Down(double side) => Math.Max(1, (int)Math.Floor(side + Tolerance));
}
