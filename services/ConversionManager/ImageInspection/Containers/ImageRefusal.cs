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
}
