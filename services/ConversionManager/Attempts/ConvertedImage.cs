using ImageEditor.ConversionManager.ImageInspection;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>A converter's result, which is a complete image.</summary>
/// <param name="File">The image.</param>
/// <param name="ResultInfo">What the converter found, JSON, if it says so.</param>
internal sealed record ConvertedImage(ImageFile File, string? ResultInfo)
{
    /// <summary>The most characters of <c>X-Result-Info</c> that the job manager takes.</summary>
    public const int MaxResultInfoLength = 16 * 1024;

    /// <summary>Whether a text can travel in <c>X-Result-Info</c>: printable ASCII, and not too long.</summary>
    public static bool IsResultInfo(string text) =>
        text.Length <= MaxResultInfoLength && text.All(character => character is >= ' ' and <= '~');
}
