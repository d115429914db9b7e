using System.Text;

namespace ImageEditor.ServiceDefaults.Contracts;

/// <summary>
/// What a person calls a picture, such as <c>holiday.jpg</c>. It is shown, and files are named after it; it is never in logs or traces.
/// </summary>
/// <remarks>
/// A name has 1 to 255 bytes in UTF-8, is in normal form C, is no path, and has no characters that are not seen but act: control
/// characters, line separators, and those that turn the direction of writing around, by which <c>gpj.exe</c> is shown as <c>exe.jpg</c>.
/// Only a process with ICU brings a text into normal form: ConversionManager, which takes names in, and StorageManager, for recipes.
/// </remarks>
public static class PictureName
{
    /// <summary>What file systems allow.</summary>
    public const int MaxBytes = 255;

    /// <summary>The rule, in words for an error message.</summary>
    public const string Rule = "1 to 255 bytes of UTF-8, without slashes and control characters";

    /// <summary>What was done with a picture, in the name of a result, where that was more than one step.</summary>
    public const string Edited = "edited";

    /// <summary>What a file is called whose picture has nothing but an ending for a name.</summary>
    private const string Nameless = "picture";

    /// <summary>Reads a name that somebody gave on purpose.</summary>
    /// <returns>The name in normal form; null when the text is none.</returns>
    public static string? Parse(string? text)
    {
        if (text is null || text.Contains('/') || text.Contains('\\') || !text.EnumerateRunes().All(IsAllowed))
        {
            return null;
        }

        var name = text.Trim().Normalize(NormalizationForm.FormC);
        return !IsEmptyOrDots(name) && Encoding.UTF8.GetByteCount(name) <= MaxBytes ? name : null;
    }

    /// <summary>Makes a name of what a program calls a file: the last part of a path, without what a name may not have.</summary>
    /// <returns>Null when nothing is left.</returns>
    public static string? Clean(string? fileName)
    {
        if (fileName is null)
        {
            return null;
        }

        var lastPart = fileName[(fileName.AsSpan().LastIndexOfAny('/', '\\') + 1)..];
        var kept = new StringBuilder();
        foreach (var rune in lastPart.EnumerateRunes().Where(IsAllowed))
        {
            kept.Append(rune);
        }

        var name = Cut(kept.ToString().Trim().Normalize(NormalizationForm.FormC), MaxBytes).Trim();
        return IsEmptyOrDots(name) ? null : name;
    }

    /// <summary>What the file of a result is called, such as <c>holiday-contrast.jpg</c>.</summary>
    /// <param name="name">The picture's name.</param>
    /// <param name="change">What was done with it: the converter's name, or <see cref="Edited"/>.</param>
    /// <param name="mediaType">The result's.</param>
    public static string OfResult(string name, string change, string mediaType) =>
        Join(Stem(name), $"-{change}{ImageTypes.Extension(mediaType)}");

    /// <summary>A name without the ending of a picture's file; another dot is part of the name.</summary>
    public static string Stem(string name)
    {
        var extension = Path.GetExtension(name);
        var stem = ImageTypes.IsExtension(extension) ? name[..^extension.Length] : name;
        return stem.Length > 0 ? stem : Nameless;
    }

    /// <summary>The ending of a picture's file: its name's own, where that is one of the type's.</summary>
    public static string Extension(string name, string mediaType)
    {
        var extension = Path.GetExtension(name);
        return ImageTypes.HasExtension(mediaType, extension) ? extension : ImageTypes.Extension(mediaType);
    }

    /// <summary>Puts an ending behind a name, of which so much is kept as fits.</summary>
    public static string Join(string stem, string ending) => Cut(stem, MaxBytes - Encoding.UTF8.GetByteCount(ending)) + ending;

    /// <summary>The beginning of a text, in whole characters.</summary>
    private static string Cut(string text, int maxBytes)
    {
        var (bytes, characters) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > maxBytes)
            {
                return text[..characters];
            }

            characters += rune.Utf16SequenceLength;
        }

        return text;
    }

    private static bool IsEmptyOrDots(string name) => name is "" or "." or "..";

    /// <summary>Half of a character of two is read as the replacement character, as are bytes that are no UTF-8.</summary>
    private static bool IsAllowed(Rune rune) =>
        !Rune.IsControl(rune)
        && rune != Rune.ReplacementChar
        && rune.Value is not (>= 0x2028 and <= 0x202E or >= 0x2066 and <= 0x2069 or 0xFFFE or 0xFFFF);
}
