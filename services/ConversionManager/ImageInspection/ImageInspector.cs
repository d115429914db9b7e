using ImageEditor.ConversionManager.ImageInspection.Containers;

namespace ImageEditor.ConversionManager.ImageInspection;

/// <summary>
/// Reads what an image's container says, in managed code and without decoding a pixel. Any input is safe: work and memory are
/// proportional to its length, and nothing is thrown.
/// </summary>
public static class ImageInspector
{
    /// <summary>
    /// For what a client sends: format, size and frames, or a refusal of type <c>not-an-image</c> or <c>not-decodable</c>.
    /// Truncated pixel data passes, since only decoding can judge it.
    /// </summary>
    public static Inspection Inspect(ReadOnlySpan<byte> bytes)
    {
        if (FormatOf(bytes) is not { } format)
        {
            return Inspection.Refused(ImageRefusal.NotAnImage(UnsupportedFormats.Describe(bytes)));
        }

        return format switch
        {
            ImageFormat.Jpeg => JpegContainer.Inspect(bytes),
            ImageFormat.Png => PngContainer.Inspect(bytes),
            ImageFormat.Webp => WebpContainer.Inspect(bytes),
            ImageFormat.Gif => GifContainer.Inspect(bytes),
            ImageFormat.Avif => AvifContainer.Inspect(bytes),
            _ => TiffContainer.Inspect(bytes),
        };
    }

    /// <summary>
    /// For what a converter answers: as <see cref="Inspect"/>, and the container must be complete to its last byte, else the
    /// refusal is <c>not-decodable</c>.
    /// </summary>
    public static Inspection InspectComplete(ReadOnlySpan<byte> bytes)
    {
        var inspection = Inspect(bytes);
        if (!inspection.IsAccepted)
        {
            return inspection;
        }

        var format = inspection.Info.Format;
        var damage = format switch
        {
            ImageFormat.Jpeg => JpegContainer.FindDamage(bytes),
            ImageFormat.Png => PngContainer.FindDamage(bytes),
            ImageFormat.Webp => WebpContainer.FindDamage(bytes),
            ImageFormat.Gif => GifContainer.FindDamage(bytes),
            ImageFormat.Avif => AvifContainer.FindDamage(bytes),
            _ => TiffContainer.FindDamage(bytes),
        };
        return damage is null ? inspection : Inspection.Refused(ImageRefusal.NotDecodable(format, damage));
    }

    /// <summary>The format by magic bytes; null when it is none that is read.</summary>
    public static ImageFormat? FormatOf(ReadOnlySpan<byte> bytes) =>
        JpegContainer.Matches(bytes) ? ImageFormat.Jpeg
        : PngContainer.Matches(bytes) ? ImageFormat.Png
        : WebpContainer.Matches(bytes) ? ImageFormat.Webp
        : GifContainer.Matches(bytes) ? ImageFormat.Gif
        : AvifContainer.Matches(bytes) ? ImageFormat.Avif
        : TiffContainer.Matches(bytes) ? ImageFormat.Tiff
        : null;
}
