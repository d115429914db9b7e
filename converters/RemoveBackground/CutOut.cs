using System.Globalization;
using ImageEditor.Converters.Pipeline;
using ImageEditor.Converters.RemoveBackground.Networks;
using ImageEditor.ServiceDefaults.Problems;
using NetVips;

namespace ImageEditor.Converters.RemoveBackground;

/// <summary>A person without what was behind, or with something else behind.</summary>
internal static class CutOut
{
    /// <summary>Standard deviation of the blur behind a person, as a part of the longest side.</summary>
    private const double Blur = 0.015;

    /// <summary>The blur is computed on a picture so much smaller than its standard deviation allows, for speed.</summary>
    private const double BlurredAt = 4;

    /// <summary>Replaces the background of each frame, and says how much of the picture is person, and how sure that is.</summary>
    /// <param name="conversion">Whose picture it is.</param>
    /// <param name="network">What finds the person.</param>
    /// <param name="check">What tells a person from something else; null where anything may be cut out.</param>
    /// <param name="background">What comes behind the person.</param>
    /// <param name="colour">Red, green and blue from 0 to 255, where the background is a colour.</param>
    /// <param name="isForced">Whether to cut even where nobody was recognised.</param>
    /// <exception cref="ProblemException">422: nobody was recognised.</exception>
    public static Image Apply(
        Conversion conversion, SegmentationNetwork network, PersonCheck? check, Background background, byte[] colour, bool isForced)
    {
        using var memory = conversion.Image.CopyMemory();
        conversion.NeedsAlpha = background == Background.Transparent;
        var frames = new List<Image>();
        var (share, score) = (0.0, 0.0);
        try
        {
            for (var top = 0; top < memory.Height; top += memory.PageHeight)
            {
                using var frame = memory.Crop(0, top, memory.Width, memory.PageHeight);
                using var found = PersonMask.Of(frame, network, conversion.CancellationToken);
                using var mask = found?.CopyMemory() ?? Image.Black(frame.Width, frame.Height);
                frames.Add(Compose(frame, mask, background, colour));
                share = Math.Max(share, mask.Avg() / byte.MaxValue);
                if (check is not null && score < PersonCheck.Threshold)
                {
                    using var seen = PersonMask.ToNetworkInput(frame);
                    score = Math.Max(score, check.Score(seen, mask, conversion.CancellationToken));
                }

                conversion.Report((double)(top + memory.PageHeight) / memory.Height);
            }

            Tell(conversion, share, check is null ? null : Math.Round(score, 3), isForced);
            return share == 0 ? memory.Copy() : frames.Count == 1 ? frames[0].Copy() : Image.Arrayjoin([.. frames], across: 1);
        }
        finally
        {
            frames.ForEach(frame => frame.Dispose());
        }
    }

    /// <summary>Says what was found, of an animation the most in one frame.</summary>
    private static void Tell(Conversion conversion, double share, double? score, bool isForced)
    {
        conversion.ResultInfo["person"] = Math.Round(share, 3);
        if (score is { } sure)
        {
            conversion.ResultInfo["score"] = sure;
            var found = share == 0
                ? "There is nobody in this picture"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"Nobody was recognised in this picture (score {sure}; {PersonCheck.Threshold} is needed)");
            if (sure < PersonCheck.Threshold && !isForced)
            {
                throw ProblemTypes.NobodyFound.Refuse(
                    $"{found}. People are cut out, not animals or things. If it shows a person all the same, cut it with force=true.");
            }

            if (sure < PersonCheck.Threshold && share > 0)
            {
                conversion.ResultInfo["notice"] = $"{found}. It was cut all the same: look whether the cut is right.";
            }
        }

        if (share == 0)
        {
            // An empty picture would be useless.
            conversion.ResultInfo["notice"] = "Nothing was found that could be cut out. The picture was left as it is.";
        }
    }

    private static Image Compose(Image picture, Image mask, Background background, byte[] colour)
    {
        if (background == Background.Transparent)
        {
            return Transparent(picture, mask);
        }

        using var behind = background == Background.Blur ? Blurred(picture, mask) : SolidColour(picture, colour);
        return mask.Ifthenelse(picture, behind, blend: true);
    }

    private static Image Transparent(Image picture, Image mask)
    {
        using var person = Foreground.Of(picture, mask);
        return WithAlpha(person, mask);
    }

    private static Image WithAlpha(Image picture, Image mask)
    {
        var deep = picture.Format == Enums.BandFormat.Ushort;
        using var scaled = deep ? mask.Linear([ushort.MaxValue / (double)byte.MaxValue], [0]) : mask.Copy();
        using var alpha = scaled.Cast(picture.Format);
        if (!picture.HasAlpha())
        {
            return picture.Bandjoin(alpha);
        }

        using var colours = picture.ExtractBand(0, n: picture.Bands - 1);
        using var before = picture.ExtractBand(picture.Bands - 1);
        using var product = before * mask;
        using var both = product.Linear([1.0 / byte.MaxValue], [0]);
        using var rounded = both.Rint();
        using var cast = rounded.Cast(picture.Format);
        return colours.Bandjoin(cast);
    }

    /// <summary>One colour, opaque, in the picture's depth and channels.</summary>
    private static Image SolidColour(Image picture, byte[] colour)
    {
        var factor = picture.Format == Enums.BandFormat.Ushort ? 257 : 1;
        double[] rgb = picture.Bands < 3
            ? [0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]]
            : [.. colour.Select(value => (double)value)];
        double[] values = [.. rgb.Select(value => value * factor), .. picture.HasAlpha() ? [255.0 * factor] : Array.Empty<double>()];
        return picture.NewFromImage(values);
    }

    /// <summary>
    /// The background out of focus. The person is left out of it, or its colours would glow around it; so is what is transparent.
    /// </summary>
    private static Image Blurred(Image picture, Image mask)
    {
        var sigma = Math.Max(1, Blur * Math.Max(picture.Width, picture.PageHeight));
        var scale = Math.Min(1, BlurredAt / sigma);
        using var weights = mask.Linear([-1.0 / byte.MaxValue], [1 + 1e-3]);
        using var seen = picture.HasAlpha() ? picture.Premultiply() : picture.Copy();
        using var weighted = seen * weights;
        using var both = weighted.Bandjoin(weights);
        using var small = both.Resize(scale, kernel: Enums.Kernel.Linear);
        using var blurred = small.Gaussblur(sigma * scale, precision: Enums.Precision.Float);
        using var colours = blurred.ExtractBand(0, n: picture.Bands);
        using var sum = blurred.ExtractBand(picture.Bands);
        using var mean = colours / sum;
        using var resized = mean.Resize(
            (double)picture.Width / mean.Width, vscale: (double)picture.Height / mean.Height, kernel: Enums.Kernel.Linear);
        using var fitting = resized.Gravity(Enums.CompassDirection.Centre, picture.Width, picture.Height, extend: Enums.Extend.Copy);
        using var plain = picture.HasAlpha() ? fitting.Unpremultiply() : fitting.Copy();
        using var rounded = plain.Rint();
        return rounded.Cast(picture.Format);
    }

    /// <summary>Reads a colour such as <c>#1e90ff</c>.</summary>
    public static byte[] Colour(string text) => Convert.FromHexString(text.AsSpan(1));
}

/// <summary>What comes behind a person.</summary>
internal enum Background
{
    Transparent,
    Color,
    Blur,
}
