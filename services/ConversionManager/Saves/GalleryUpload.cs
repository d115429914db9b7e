using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.ConversionManager.ImageInspection.Containers;

namespace ImageEditor.ConversionManager.Saves;

/// <summary>What a gallery gets of a job.</summary>
/// <param name="Original">The image that was sent in.</param>
/// <param name="Converted">The result.</param>
/// <param name="Thumbnail">The result made small; null when none can be made of it.</param>
internal sealed record GalleryUpload(MeasuredImage Original, MeasuredImage Converted, MeasuredImage? Thumbnail);

/// <summary>An image's file, and what its container says about it.</summary>
internal sealed record MeasuredImage(ReadOnlyMemory<byte> Bytes, ImageInfo Info)
{
    /// <summary>Looks at a file's container; null when it is no image that is read.</summary>
    public static MeasuredImage? Of(ReadOnlyMemory<byte> bytes) =>
        ImageInspector.Inspect(bytes.Span) is { IsAccepted: true, Info: var info } ? new MeasuredImage(bytes, info) : null;
}
