namespace ImageEditor.Converters.Adjust.Tones;

/// <summary>What is made of an encoded value, in this order; each step ends within black and white.</summary>
/// <param name="Brightness">Is added: from -1 to 1.</param>
/// <param name="Contrast">From -100 to 100, as that of the converter <c>contrast</c>.</param>
/// <param name="Shadows">From -1 to 1.</param>
/// <param name="Highlights">From -1 to 1.</param>
/// <param name="Gamma">Above 0.</param>
internal sealed record ToneCurve(double Brightness, double Contrast, double Shadows, double Highlights, double Gamma)
{
    /// <summary>The middle around which contrast works: 128 of 255.</summary>
    private const double Middle = 128.0 / 255;

    /// <param name="value">From 0 to 1.</param>
    public double Of(double value)
    {
        var v = Math.Clamp(value + Brightness, 0, 1);
        v = Math.Clamp((ContrastFactor * (v - Middle)) + Middle, 0, 1);

        // Most at a third and at two thirds; black and white stay, and no two values change their order.
        v += Shadows * v * (1 - v) * (1 - v);
        v += Highlights * v * v * (1 - v);
        return Gamma == 1 ? v : Math.Pow(v, 1 / Gamma);
    }

    private double ContrastFactor
    {
        get
        {
            var c = 2.55 * Contrast;
            return Contrast == 0 ? 1 : 259 * (c + 255) / (255 * (259 - c));
        }
    }
}
