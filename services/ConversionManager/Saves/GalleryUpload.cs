using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.ConversionManager.ImageInspection.Containers;

namespace ImageEditor.ConversionManager.Saves;

/// <summary>The images of a job that are saved in a gallery.</summary>
/// <param name="Original">The image that was submitted.</param>
/// <param name="Converted">The result.</param>
/// <param name="Thumbnail">The thumbnail of the result; null when it has none.</param>
internal sealed record GalleryUpload(MeasuredImage Original, MeasuredImage Converted, MeasuredImage? Thumbnail);

/// <summary>An image's file, and what its container says about it.</summary>
internal sealed record MeasuredImage(ReadOnlyMemory<byte> Bytes, ImageInfo Info)
{
    /// <summary>Inspects a file's container; null when it is no image that is read.</summary>
    public static MeasuredImage? Of(ReadOnlyMemory<byte> bytes) =>
        ImageInspector.Inspect(bytes.Span) is { IsAccepted: true, Info: var info } ? new MeasuredImage(bytes, info) : null;
}
