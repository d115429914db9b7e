using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Images;
using ImageEditor.Converters.Pipeline;

namespace ImageEditor.Converters.Geometry;

/// <summary>The converter <c>flip-vertical</c>.</summary>
internal static class FlipVertical
{
    public static readonly ServedConverter Converter = new(
        new ConverterDescriptor("flip-vertical", "Flip vertically", "Mirrors the picture: top becomes bottom.")
        {
            Category = ConverterCategory.Geometry,
            Version = 1,
        },
        conversion => Frames.Map(conversion.Image, frame =>
        {
            // From the last row to the first, but rows are decoded from the first to the last.
            using var memory = frame.CopyMemory();
            return memory.FlipVer();
        }));
}
