namespace ImageEditor.ConversionManager.ImageInspection.Containers;

/// <summary>What a container says about its picture, before any pixel is decoded.</summary>
/// <param name="Format">The real format, by its magic bytes.</param>
/// <param name="Width">
/// Pixels, 1 or more, as stored (orientation not applied, but a HEIC's own turns and cuts are); the widest frame where frames differ.
/// </param>
/// <param name="Height">The same for the height; the tallest frame where frames differ.</param>
/// <param name="Frames">Animation frames or pages, 1 or more.</param>
/// <param name="TotalPixels">Pixels summed over all frames; <see cref="long.MaxValue"/> where the sum is larger.</param>
public sealed record ImageInfo(ImageFormat Format, int Width, int Height, int Frames, long TotalPixels)
{
    /// <summary>For such a result converters read the first frame or page alone.</summary>
    private static readonly string?[] FormatsOfOneFrame = ["jpeg", "png", "avif"];

    /// <summary>
    /// How often a JPEG goes over its pixels, 1 or more: each scan costs the decoder a pass, even one that holds nothing. 1 for other formats.
    /// </summary>
    public int Scans { get; init; } = 1;

    /// <summary>Channels of a picture that may be transparent.</summary>
    public const int ChannelsWithAlpha = 4;

    /// <summary>Channels of one that cannot.</summary>
    public const int ChannelsWithoutAlpha = 3;

    /// <summary>The most channels that decoding gives.</summary>
    public int MaxChannels { get; init; } = ChannelsWithAlpha;

    /// <summary>The most bytes that a channel of a pixel has, decoded: 1 or 2.</summary>
    public int MaxBytesPerChannel { get; init; } = 2;

    /// <summary>The most bytes of a colour profile, unpacked; null where it has no more than the file.</summary>
    public int? MaxProfileBytes { get; init; }

    /// <summary>Why frames cannot be converted together, as a sentence after "The TIFF file"; null where they can.</summary>
    public string? DifferenceOfFrames { get; init; }

    /// <summary>A refusal where frames would have to be converted together and cannot; null where they need not, or can.</summary>
    /// <param name="resultFormat">The name of the format that is asked for; null for the same one.</param>
    public ImageRefusal? CheckFrames(string? resultFormat) =>
        DifferenceOfFrames is { } difference && !FormatsOfOneFrame.Contains(resultFormat)
            ? ImageRefusal.NotReadable(Format, difference)
            : null;

    /// <summary>Pixels that decoding passes over: those of every scan.</summary>
    public long ScannedPixels => (long)Int128.Min((Int128)TotalPixels * Scans, long.MaxValue);

    /// <summary>The media type for <c>Content-Type</c>.</summary>
    public string MediaType => Format.MediaType();
}
