using ImageEditor.Converters.Onnx;
using ImageEditor.Converters.Pipeline;
using NetVips;

namespace ImageEditor.Converters.BlurFaces;

/// <summary>Makes faces permanently unrecognisable: only the means of a few cells are left of each.</summary>
internal static class FaceBlur
{
    /// <summary>Cells across a face, at the weakest and at the strongest.</summary>
    private const double MaxCells = 8;
    private const double MinCells = 3;

    /// <summary>
    /// The blurred area is larger than the detected face, since hair and ears identify a person, too. Its centre is shifted up, to the
    /// forehead.
    /// </summary>
    private const double WidthFactor = 1.4;
    private const double HeightFactor = 1.7;
    private const double CentreShift = 0.12;

    /// <summary>The ellipse in which the blur fades out is larger than that by this factor.</summary>
    private const double FadeFactor = 1.25;

    /// <summary>Blurs the faces in each frame, and says how many there are.</summary>
    /// <param name="conversion">Whose picture it is.</param>
    /// <param name="models">The process's networks.</param>
    /// <param name="strength">From 0 to 100.</param>
    public static Image Apply(Conversion conversion, ModelSet models, double strength)
    {
        using var memory = conversion.Image.CopyMemory();
        var detector = new FaceDetector(models["blazeface"]);
        var (count, frames) = (0, memory.Height / memory.PageHeight);
        var result = memory.Copy();
        for (var frame = 0; frame < frames; frame++)
        {
            var top = frame * memory.PageHeight;
            using var picture = memory.Crop(0, top, memory.Width, memory.PageHeight);
            var faces = detector.Find(picture, part => conversion.Report((frame + part) / frames), conversion.CancellationToken);
            foreach (var face in faces)
            {
                using var before = result;
                result = WithBlurred(before, picture, face, top, strength);
            }

            count = Math.Max(count, faces.Count);
        }

        // Of an animation, the most in one frame: the same people are in many.
        conversion.ResultInfo["faces"] = count;
        return result;
    }

    private static Image WithBlurred(Image result, Image picture, Face face, int top, double strength)
    {
        var (middle, width, height) = (face.Y - CentreShift * face.Height, WidthFactor * face.Width, HeightFactor * face.Height);
        var left = Math.Clamp((int)Math.Floor(face.X - FadeFactor * width / 2), 0, picture.Width - 1);
        var upper = Math.Clamp((int)Math.Floor(middle - FadeFactor * height / 2), 0, picture.Height - 1);
        var right = Math.Clamp((int)Math.Ceiling(face.X + FadeFactor * width / 2), left + 1, picture.Width);
        var lower = Math.Clamp((int)Math.Ceiling(middle + FadeFactor * height / 2), upper + 1, picture.Height);

        // The area may already contain the blur of another face: where two overlap, both stay blurred.
        using var area = result.Crop(left, top + upper, right - left, lower - upper);
        using var blurred = Blurred(area, face.Width / (MaxCells + (MinCells - MaxCells) * strength / 100));
        using var mask = Ellipse(right - left, lower - upper, face.X - left, middle - upper, width / 2, height / 2);
        using var mixed = mask.Ifthenelse(blurred, area, blend: true);
        return result.Insert(mixed, left, top + upper);
    }

    /// <summary>The means of square cells, with smooth transitions.</summary>
    private static Image Blurred(Image area, double cell)
    {
        var (columns, rows) = (Math.Max(1, (int)Math.Round(area.Width / cell)), Math.Max(1, (int)Math.Round(area.Height / cell)));
        using var means = area.Shrink((double)area.Width / columns, (double)area.Height / rows);
        using var smooth = means.Resize(
            (double)area.Width / means.Width, vscale: (double)area.Height / means.Height, kernel: Enums.Kernel.Linear);
        using var fitting = smooth.Gravity(Enums.CompassDirection.Centre, area.Width, area.Height, extend: Enums.Extend.Copy);
        using var cast = fitting.Cast(area.Format);
        return area.HasAlpha() ? WithAlphaOf(area, cast) : cast.Copy();
    }

    private static Image WithAlphaOf(Image area, Image blurred)
    {
        using var colours = blurred.ExtractBand(0, n: area.Bands - 1);
        using var alpha = area.ExtractBand(area.Bands - 1);
        return colours.Bandjoin(alpha);
    }

    /// <summary>255 within an ellipse, falling to 0 at one that is larger by <see cref="FadeFactor"/>.</summary>
    private static Image Ellipse(int width, int height, double x, double y, double horizontal, double vertical)
    {
        using var places = Image.Xyz(width, height);
        using var relative = (places - new[] { x, y }) / new[] { horizontal, vertical };
        using var squares = relative * relative;
        using var distance = (squares[0] + squares[1]).Pow(0.5);
        using var falling = (FadeFactor - distance) * (255 / (FadeFactor - 1));
        return falling.Cast(Enums.BandFormat.Uchar);
    }
}
