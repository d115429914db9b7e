using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Images;
using ImageEditor.Converters.Pipeline;
using NetVips;

namespace ImageEditor.Converters.Adjust.Effects;

/// <summary>The converter <c>blur</c>: a Gaussian, of alpha along with the colours.</summary>
internal static class Blur
{
    private static readonly NumberParameter Radius = new(
        "radius", "Radius", "The standard deviation of the Gaussian curve.", minimum: 0, maximum: 100, @default: 5)
    {
        Unit = "px",
    };

    public static readonly ServedConverter Converter = new(
        new ConverterDescriptor("blur", "Blur", "Puts the whole picture out of focus.")
        {
            Category = ConverterCategory.Effect,
            Version = 1,
            Parameters = [Radius],
        },
        Apply);

    private static Image Apply(Conversion conversion)
    {
        var radius = conversion.Get(Radius);
        return radius < 0.1 ? conversion.Image.Copy() : Frames.Map(conversion.Image, frame => Blurred(frame, radius));
    }

    private static Image Blurred(Image frame, double radius)
    {
        using var memory = frame.CopyMemory();
        return Premultiplied.Map(memory, picture => Gaussian.Blur(picture, radius));
    }
}
