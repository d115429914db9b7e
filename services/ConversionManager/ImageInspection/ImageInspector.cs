using ImageEditor.ConversionManager.ImageInspection.Containers;

namespace ImageEditor.ConversionManager.ImageInspection;

/// <summary>
/// Reads what an image's container says, in managed code and without decoding a pixel. Any input is safe: work and memory are
/// proportional to its length, and nothing is thrown.
/// </summary>
public static class ImageInspector
{
    private static readonly Container[] Containers =
    [
        new(ImageFormat.Jpeg, JpegContainer.Matches, JpegContainer.Inspect, JpegContainer.FindDamage),
        new(ImageFormat.Png, PngContainer.Matches, PngContainer.Inspect, PngContainer.FindDamage),
        new(ImageFormat.Webp, WebpContainer.Matches, WebpContainer.Inspect, WebpContainer.FindDamage),
        new(ImageFormat.Gif, GifContainer.Matches, GifContainer.Inspect, GifContainer.FindDamage),
        new(ImageFormat.Avif, AvifContainer.Matches, AvifContainer.Inspect, AvifContainer.FindDamage),
        new(ImageFormat.Tiff, TiffContainer.Matches, TiffContainer.Inspect, TiffContainer.FindDamage),
    ];

    /// <summary>
    /// For what a client sends: format, size and frames, or a refusal of type <c>not-an-image</c> or <c>not-decodable</c>.
    /// Truncated pixel data passes, since only decoding can judge it.
    /// </summary>
    public static Inspection Inspect(ReadOnlySpan<byte> bytes) =>
        Find(bytes)?.Inspect(bytes) ?? Inspection.Refused(ImageRefusal.NotAnImage(UnsupportedFormats.Describe(bytes)));

    /// <summary>
    /// For a HEIC or HEIF picture: format, upright size and depth, or a refusal. It is refused by <see cref="Inspect"/> as long as no job
    /// decodes it before its first step.
    /// </summary>
    public static Inspection InspectHeic(ReadOnlySpan<byte> bytes) => HeicContainer.Matches(bytes)
        ? HeicContainer.Inspect(bytes)
        : Inspection.Refused(ImageRefusal.NotAnImage(UnsupportedFormats.Describe(bytes)));

    /// <summary>
    /// For what a converter answers: as <see cref="Inspect"/>, and the container must be complete to its last byte, else the
    /// refusal is <c>not-decodable</c>.
    /// </summary>
    public static Inspection InspectComplete(ReadOnlySpan<byte> bytes)
    {
        var inspection = Inspect(bytes);
        return inspection.IsAccepted && Find(bytes)?.FindDamage(bytes) is { } damage
            ? Inspection.Damaged(inspection.Info.Format, damage)
            : inspection;
    }

    /// <summary>The format by magic bytes; null when it is none that is read.</summary>
    public static ImageFormat? FormatOf(ReadOnlySpan<byte> bytes) => Find(bytes)?.Format;

    private static Container? Find(ReadOnlySpan<byte> bytes)
    {
        foreach (var container in Containers)
        {
            if (container.Matches(bytes))
            {
                return container;
            }
        }

        return null;
    }

    private sealed record Container(
        ImageFormat Format,
        Func<ReadOnlySpan<byte>, bool> Matches,
        Func<ReadOnlySpan<byte>, Inspection> Inspect,
        Func<ReadOnlySpan<byte>, string?> FindDamage);
}
