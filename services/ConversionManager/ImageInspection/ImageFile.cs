using ImageEditor.ConversionManager.ImageInspection.Containers;

namespace ImageEditor.ConversionManager.ImageInspection;

/// <summary>An encoded image, and what its inspection has found.</summary>
/// <param name="Bytes">The file.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Width">Pixels, as stored (orientation not applied).</param>
/// <param name="Height">Pixels, as stored (orientation not applied).</param>
internal sealed record ImageFile(ReadOnlyMemory<byte> Bytes, string ContentType, int Width, int Height)
{
    public static ImageFile Create(ReadOnlyMemory<byte> bytes, ImageInfo info) => new(bytes, info.MediaType, info.Width, info.Height);
}
