using ImageEditor.ServiceDefaults.Problems;

namespace ImageEditor.ConversionManager.ImageInspection.Containers;

/// <summary>Why a picture is not taken.</summary>
/// <param name="Type">The kind of problem: not an image, not decodable, or past a limit.</param>
/// <param name="Detail">Says what is wrong with this picture and what to do about it.</param>
public sealed record ImageRefusal(ProblemType Type, string Detail)
{
    /// <summary>415: the bytes are of no format that is read.</summary>
    internal static ImageRefusal NotAnImage(string damage) =>
        new(ProblemTypes.NotAnImage, $"{damage} Send a JPEG, PNG, WebP, GIF, AVIF or TIFF picture instead.");

    /// <summary>422: the format is known, and the container is damaged.</summary>
    /// <param name="format">The format by its magic bytes.</param>
    /// <param name="damage">Goes after "The JPEG file", without the full stop.</param>
    internal static ImageRefusal NotDecodable(ImageFormat format, string damage) =>
        new(ProblemTypes.NotDecodable, $"The {format.DisplayName()} file {damage}. Export the picture again and send the new file.");

    /// <summary>422: the file is whole, but of a kind that no converter reads.</summary>
    /// <param name="format">The format by its magic bytes.</param>
    /// <param name="kind">Goes after "The JPEG file", with a full stop and what to do.</param>
    internal static ImageRefusal NotReadable(ImageFormat format, string kind) =>
        new(ProblemTypes.NotDecodable, $"The {format.DisplayName()} file {kind}");

    /// <summary>422: the colour profile alone would take more memory than many a picture.</summary>
    internal static ImageRefusal ProfileTooLarge(ImageFormat format) => NotReadable(
        format, $"has a colour profile of more than {MaxProfileBytes / 1_000_000} MB. Save it with a usual profile, such as sRGB.");

    /// <summary>Bytes of an ICC profile, unpacked; libpng reads no larger ones, and real ones have at most a few megabytes.</summary>
    internal const int MaxProfileBytes = 8_000_000;
}
