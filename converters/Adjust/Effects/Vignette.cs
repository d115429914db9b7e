using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Images;
using ImageEditor.Converters.Pipeline;
using NetVips;

namespace ImageEditor.Converters.Adjust.Effects;

/// <summary>
/// The converter <c>vignette</c>: light falls off from the middle to the corners as it does behind a simple lens, by the fourth power of
/// the cosine of its angle.
/// </summary>
internal static class Vignette
{
    /// <summary>The tangent of the angle at which light comes into the corners, at full strength.</summary>
    private const double WidestTangent = 1.5;

    private static readonly NumberParameter Strength = new(
        "strength", "Strength", "How dark the corners become.", minimum: 0, maximum: 100, @default: 50)
    {
        Step = 1,
        Unit = "%",
    };

    public static readonly ServedConverter Converter = new(
        new ConverterDescriptor("vignette", "Vignette", "Darkens the picture from the middle to the corners, as old lenses do.")
        {
            Category = ConverterCategory.Effect,
            Version = 1,
            Parameters = [Strength],
        },
        Apply);

    private static Image Apply(Conversion conversion)
    {
        var tangent = WidestTangent * conversion.Get(Strength) / 100;
        if (tangent == 0)
        {
            return conversion.Image.Copy();
        }

        var image = conversion.Image;
        using var frame = Falloff(image.Width, image.PageHeight, tangent);
        using var falloff = frame.Replicate(1, image.Height / image.PageHeight);
        using var light = Light.Of(image);
        if (!light.HasAlpha())
        {
            using var darker = light * falloff;
            return Light.Encode(darker, image);
        }

        using var colours = light.ExtractBand(0, n: light.Bands - 1);
        using var alpha = light.ExtractBand(light.Bands - 1);
        using var dark = colours * falloff;
        using var whole = dark.Bandjoin(alpha);
        return Light.Encode(whole, image);
    }

    /// <summary>What is left of the light: cos⁴ of the angle, whose tangent grows with the distance from the middle.</summary>
    private static Image Falloff(int width, int height, double tangent)
    {
        var (middleX, middleY) = ((width - 1) / 2.0, (height - 1) / 2.0);
        var toCorner = Math.Max(0.5, Math.Sqrt((middleX * middleX) + (middleY * middleY)));
        var scale = tangent / toCorner;
        using var places = Image.Xyz(width, height);
        using var tangents = places.Linear([scale, scale], [-scale * middleX, -scale * middleY]);
        using var squares = tangents * tangents;
        using var x = squares.ExtractBand(0);
        using var y = squares.ExtractBand(1);
        using var sum = x + y;
        using var inverse = sum + 1.0;
        return inverse.Pow(-2);
    }
}
