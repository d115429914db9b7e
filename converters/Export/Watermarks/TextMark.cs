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

    /// <summary>
    /// Around the letters is a rim of the opposite brightness, by which they are read on a ground of their own colour: so many pixels of
    /// the font for one of it, none around small letters, and at most so opaque.
    /// </summary>
    private const double FontForRim = 25;
    private const double RimOpacity = 0.5;

    /// <summary>From this brightness on a text has a black rim, below it a white one.</summary>
    private const double Bright = 0.4;

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
        var rim = (int)Math.Min(Math.Round(MeasuredSize * scale / FontForRim), (Math.Min(widest, highest) - 1) / 2);
        var (innerWidth, innerHeight) = (widest - (2 * rim), highest - (2 * rim));
        var innerScale = Math.Min((double)innerWidth / measured.Width, (double)innerHeight / measured.Height);
        using var drawn = RenderWithin(text, MeasuredSize * innerScale, innerWidth, innerHeight);

        // Letters of one pixel may still be larger than what there is.
        using var letters = drawn.Crop(0, 0, Math.Min(drawn.Width, innerWidth), Math.Min(drawn.Height, innerHeight));
        using var mask = letters.Embed(rim, rim, letters.Width + (2 * rim), letters.Height + (2 * rim));
        var colours = like.HasAlpha() ? like.Bands - 1 : like.Bands;
        return rim == 0 ? Plain(mask, colour[..colours], like) : WithRim(mask, rim, colour[..colours], like);
    }

    private static Image Plain(Image mask, double[] colour, Image like)
    {
        using var opacity = mask.Cast(Enums.BandFormat.Ushort) * (like.Format == Enums.BandFormat.Ushort ? 257 : 1);
        using var alpha = opacity.Cast(like.Format);
        using var plain = alpha.NewFromImage(colour);
        using var whole = plain.Bandjoin(alpha);
        return whole.Copy(interpretation: like.Interpretation);
    }

    /// <summary>The letters over a blurred copy of them: a = m + r(1 - m), c = (m·C + r(1 - m)·R) / a.</summary>
    private static Image WithRim(Image mask, int rim, double[] colour, Image like)
    {
        double maximum = like.Format == Enums.BandFormat.Ushort ? ushort.MaxValue : byte.MaxValue;
        var brightness = colour.Length < 3 ? colour[0] : (0.2126 * colour[0]) + (0.7152 * colour[1]) + (0.0722 * colour[2]);
        var opposite = brightness < Bright * maximum ? maximum : 0;
        using var share = mask.Linear([1.0 / byte.MaxValue], [0]);
        using var blurred = share.Gaussblur(rim / 2.0, minAmpl: 0.05, precision: Enums.Precision.Float);
        using var isFull = blurred > RimOpacity / 2;
        using var twice = blurred * 2;
        using var around = isFull.Ifthenelse(RimOpacity, twice);
        using var rest = share.Linear([-1], [1]);
        using var shown = around * rest;
        using var alpha = share + shown;
        using var letters = share * colour;
        using var ring = shown * opposite;
        using var both = letters + ring;

        // libvips divides by 0 to 0.
        using var mixed = both / alpha;
        using var opacity = alpha * maximum;
        using var whole = mixed.Bandjoin(opacity);
        using var rounded = whole.Rint();
        using var cast = rounded.Cast(like.Format);
        return cast.Copy(interpretation: like.Interpretation);
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
