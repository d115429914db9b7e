namespace ImageEditor.ConversionManager.Images;

/// <summary>Why a picture is not taken, ready to become problem details.</summary>
/// <param name="Type">The problem type's name, the last part of its URN: <c>not-an-image</c>, <c>not-decodable</c>, …</param>
/// <param name="Status">The HTTP status: 415 or 422.</param>
/// <param name="Title">Names the problem.</param>
/// <param name="Detail">Says what is wrong with this picture and what to do about it.</param>
public sealed record ImageRefusal(string Type, int Status, string Title, string Detail)
{
    /// <summary>415: the bytes are of no format that is read.</summary>
    internal static ImageRefusal NotAnImage(string flaw) => new(
        "not-an-image", 415, "Not a picture that can be read", $"{flaw} Send a JPEG, PNG, WebP, GIF, AVIF or TIFF picture instead.");

    /// <summary>422: the format is known, and the container is damaged.</summary>
    /// <param name="format">The format by its magic bytes.</param>
    /// <param name="flaw">Goes after "The JPEG file", without the full stop.</param>
    internal static ImageRefusal NotDecodable(ImageFormat format, string flaw) => new(
        "not-decodable",
        422,
        "The picture is damaged",
        $"The {format.DisplayName()} file {flaw}. Export the picture again and send the new file.");

    /// <summary>422: the picture is whole and past a limit.</summary>
    internal static ImageRefusal PastLimit(string type, string title, string detail) => new(type, 422, title, detail);
}
