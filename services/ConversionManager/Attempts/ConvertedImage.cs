using ImageEditor.ConversionManager.ImageInspection;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>A converter's result, which is a complete image.</summary>
/// <param name="File">The image.</param>
/// <param name="ResultInfo">What the converter found, JSON, if it says so.</param>
internal sealed record ConvertedImage(ImageFile File, string? ResultInfo)
{
    /// <summary>The most characters of <c>X-Result-Info</c> that the job manager takes.</summary>
    public const int MaxResultInfoLength = 16 * 1024;

    /// <summary>What the steps of a recipe found: that of a single one as it is, of several as an array.</summary>
    /// <param name="found">JSON of each step, null where it told nothing.</param>
    /// <returns>JSON; null when none told anything.</returns>
    /// <remarks>Where all together are too long for a header, the longest are left out.</remarks>
    public static string? JoinResultInfo(IReadOnlyList<string?> found)
    {
        if (found.Count <= 1 || found.All(info => info is null))
        {
            return found is [var first, ..] ? first : null;
        }

        var kept = found.Select(info => info ?? "null").ToList();
        while (kept.Sum(info => info.Length + 1) + 1 > MaxResultInfoLength)
        {
            kept[kept.IndexOf(kept.MaxBy(info => info.Length)!)] = "null";
        }

        return $"[{string.Join(',', kept)}]";
    }

    /// <summary>Whether a text can travel in <c>X-Result-Info</c>: printable ASCII, and not too long.</summary>
    public static bool IsResultInfo(string text) =>
        text.Length <= MaxResultInfoLength && text.All(character => character is >= ' ' and <= '~');
}
