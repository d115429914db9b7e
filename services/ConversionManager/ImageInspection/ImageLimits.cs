using System.Globalization;
using ImageEditor.ConversionManager.ImageInspection.Containers;
using ImageEditor.ServiceDefaults.Problems;

namespace ImageEditor.ConversionManager.ImageInspection;

/// <summary>How large a submitted picture may be. Converters have limits of their own, for results too (docs/converters.md).</summary>
public sealed record ImageLimits
{
    /// <summary>Pixels, summed over all frames.</summary>
    public long MaxPixels { get; init; } = 50_000_000;

    /// <summary>Pixels, for width and height alike; WebP, the narrowest of the formats that are written, ends there.</summary>
    public int MaxSide { get; init; } = 16_383;

    /// <summary>Animation frames or pages.</summary>
    public int MaxFrames { get; init; } = 300;

    /// <summary>Passes over a JPEG's pixels; real files have about ten, and none is known with more than fifty.</summary>
    public int MaxScans { get; init; } = 100;

    /// <summary>Pixels, summed over all scans of a JPEG: a second or two of decoding, whatever the file holds.</summary>
    public long MaxScannedPixels { get; init; } = 1_000_000_000;

    /// <summary>
    /// A refusal of type <c>too-many-frames</c>, <c>side-too-long</c> or <c>too-many-pixels</c>, the first that applies; null when
    /// the picture is within all limits.
    /// </summary>
    public ImageRefusal? Check(ImageInfo info) =>
        info.Frames > MaxFrames ? TooManyFrames(info)
        : Math.Max(info.Width, info.Height) > MaxSide ? SideTooLong(info)
        : info.TotalPixels > MaxPixels ? TooManyPixels(info)
        : info.Scans > MaxScans || info.ScannedPixels > MaxScannedPixels ? TooManyScans(info)
        : null;

    private ImageRefusal TooManyFrames(ImageInfo info) => new(
        ProblemTypes.TooManyFrames,
        Text($"The picture has {info.Frames:N0} frames or pages; at most {MaxFrames:N0} are taken. Send fewer of them."));

    private ImageRefusal SideTooLong(ImageInfo info) => new(
        ProblemTypes.SideTooLong,
        Text($"The picture is {Size(info)} pixels; a side may have at most {MaxSide:N0}. Crop it or scale it down."));

    private ImageRefusal TooManyPixels(ImageInfo info) => new(
            ProblemTypes.TooManyPixels,
            Text($"The picture has {info.TotalPixels:N0} pixels ({(info.Frames == 1 ? Size(info) : Text($"{info.Frames:N0} frames"))}); ")
        + Text($"at most {MaxPixels:N0} are taken, all frames together. Scale it down."));

    private ImageRefusal TooManyScans(ImageInfo info) => new(
        ProblemTypes.TooManyPixels,
        Text($"The JPEG file goes over its {info.TotalPixels:N0} pixels {info.Scans:N0} times (scans); at most {MaxScans:N0} scans and ")
        + Text($"{MaxScannedPixels:N0} pixels, all scans together, are taken. Send it saved anew, as a JPEG that is not progressive."));

    private static string Size(ImageInfo info) => Text($"{info.Width:N0} × {info.Height:N0}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
