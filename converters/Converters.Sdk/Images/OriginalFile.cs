using System.Globalization;

namespace ImageEditor.Converters.Images;

/// <summary>
/// What a recipe's original was like, so that the last step can make the same of its result. Its text goes from step to step:
/// <c>jpeg-8</c>, <c>webp-8-lossless-full</c>.
/// </summary>
/// <param name="Format">Its format.</param>
/// <param name="BitsPerSample">From 1 to 16.</param>
/// <param name="IsLossless">Whether it kept every pixel.</param>
/// <param name="HasFullChroma">Whether it kept colour as fine as brightness.</param>
internal sealed record OriginalFile(ImageFormat Format, int BitsPerSample, bool IsLossless, bool HasFullChroma)
{
    private const string Lossless = "lossless";
    private const string FullChroma = "full";

    /// <summary>What it says of a file.</summary>
    public static OriginalFile Of(SourceFile source) =>
        new(source.Format, source.BitsPerSample, source.IsLossless, source.HasFullChroma);

    /// <returns>Null for a text that none of these has.</returns>
    public static OriginalFile? Parse(string text)
    {
        if (text.Split('-') is not [var name, var bits, .. var flags]
            || !int.TryParse(bits, NumberStyles.None, CultureInfo.InvariantCulture, out var depth)
            || depth is < 1 or > 16)
        {
            return null;
        }

        var formats = Enum.GetValues<ImageFormat>().Where(each => each.Name() == name).ToList();
        var original = formats is [var format]
            ? new OriginalFile(format, depth, flags.Contains(Lossless), flags.Contains(FullChroma))
            : null;
        return original?.ToString() == text ? original : null;
    }

    /// <summary>The file as if it were the original.</summary>
    public SourceFile ApplyTo(SourceFile source) =>
        source with { Format = Format, BitsPerSample = BitsPerSample, IsLossless = IsLossless, HasFullChroma = HasFullChroma };

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Format.Name()}-{BitsPerSample}{(IsLossless ? "-" + Lossless : "")}{(HasFullChroma ? "-" + FullChroma : "")}");
}
