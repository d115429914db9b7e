using System.Globalization;
using System.Text;
using ImageEditor.ServiceDefaults.Problems;
using NetVips;

namespace ImageEditor.Converters.Export.Watermarks;

/// <summary>A text as a picture.</summary>
internal static class TextMark
{
    private const string Font = "DejaVu Sans";

    /// <summary>Pixels of the font where it is measured; with this resolution a point is a pixel.</summary>
    private const double MeasuredSize = 100;
    private const int PointIsPixel = 72;

    /// <summary>By how much a text that does not fit is made smaller.</summary>
    private const double Smaller = 0.98;

    private static readonly string FontFile = Path.Combine(AppContext.BaseDirectory, "Fonts", "DejaVuSans.ttf");
    private static readonly Lazy<FontCharacters> Characters = new(() => FontCharacters.Read(File.ReadAllBytes(FontFile)));

    /// <summary>Draws a line of text as large as fits.</summary>
    /// <param name="text">It is shown as it is written.</param>
    /// <param name="widest">Pixels.</param>
    /// <param name="highest">Pixels.</param>
    /// <param name="colour">Its colour, in the channels of <paramref name="like"/>.</param>
    /// <param name="like">The picture that it is for.</param>
    /// <returns>In that picture's channels, with alpha.</returns>
    /// <exception cref="ProblemException">400: the font has not all of the characters.</exception>
    public static Image Draw(string text, int widest, int highest, double[] colour, Image like)
    {
        if (text.EnumerateRunes().FirstOrDefault(rune => !Characters.Value.Contains(rune)) is { Value: not 0 } missing)
        {
            throw ProblemTypes.InvalidParameters.Refuse(
                $"The parameter 'text' has the character '{missing}' (U+{missing.Value:X4}), which the font {Font} lacks. Leave it out.");
        }

        using var measured = Render(text, MeasuredSize);
        var scale = Math.Min((double)widest / measured.Width, (double)highest / measured.Height);
        using var drawn = RenderWithin(text, MeasuredSize * scale, widest, highest);

        // Letters of one pixel may still be larger than what there is.
        using var mask = drawn.Crop(0, 0, Math.Min(drawn.Width, widest), Math.Min(drawn.Height, highest));
        var isDeep = like.Format == Enums.BandFormat.Ushort;
        using var opacity = mask.Cast(Enums.BandFormat.Ushort) * (isDeep ? 257 : 1);
        using var alpha = opacity.Cast(like.Format);
        var colours = like.HasAlpha() ? like.Bands - 1 : like.Bands;
        using var plain = alpha.NewFromImage(colour[..colours]);
        using var whole = plain.Bandjoin(alpha);
        return whole.Copy(interpretation: like.Interpretation);
    }

    /// <summary>Letters stand at whole pixels, so that a line may become a little longer than its size says.</summary>
    private static Image RenderWithin(string text, double size, int widest, int highest)
    {
        for (; ; size *= Smaller)
        {
            var drawn = Render(text, Math.Max(1, size));
            if (size <= 1 || (drawn.Width <= widest && drawn.Height <= highest))
            {
                return drawn;
            }

            drawn.Dispose();
        }
    }

    private static Image Render(string text, double size)
    {
        try
        {
            return Image.Text(
                Escaped(text),
                font: string.Create(CultureInfo.InvariantCulture, $"{Font} {size:0.##}"),
                fontfile: FontFile,
                dpi: PointIsPixel);
        }
        catch (VipsException)
        {
            // Characters that have no width and no ink.
            throw ProblemTypes.InvalidParameters.Refuse("The parameter 'text' has nothing that can be seen. Give another text.");
        }
    }

    /// <summary>Pango reads markup, in which these characters mean something.</summary>
    private static string Escaped(string text) =>
        new StringBuilder(text).Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").ToString();
}
