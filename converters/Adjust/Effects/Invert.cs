using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Images;
using ImageEditor.Converters.Pipeline;

namespace ImageEditor.Converters.Adjust.Effects;

/// <summary>The converter <c>invert</c>.</summary>
internal static class Invert
{
    public static readonly ServedConverter Converter = new(
        new ConverterDescriptor("invert", "Invert", "Makes a negative: light becomes dark, and each colour its opposite.")
        {
            Category = ConverterCategory.Effect,
            Version = 1,
        },
        conversion => Curves.Map(conversion.Image, value => 1 - value));
}
