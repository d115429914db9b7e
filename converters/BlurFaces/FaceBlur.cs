using System.Text.Json.Nodes;
using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Faces;
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

    /// <summary>Pixels: smaller cells would blur nothing.</summary>
    private const double SmallestCell = 2;

    /// <summary>The ellipse in which the blur fades out is larger than the area by this factor.</summary>
    private const double FadeFactor = 1.25;

    /// <summary>How many blurred areas are laid over a picture, and not yet part of it, at most; together no larger than it.</summary>
    private const int MaxChain = 50;

    /// <summary>Of an animation, which may have thousands, no more boxes are told: they travel in a header.</summary>
    private const int MaxBoxesTold = 200;

    /// <summary>Blurs the faces in each frame, and says where they are.</summary>
    /// <param name="conversion">Whose picture it is.</param>
    /// <param name="models">The process's networks.</param>
    /// <param name="strength">From 0 to 100.</param>
    /// <param name="add">What is blurred besides: faces that were missed.</param>
    /// <param name="leave">Faces that are not blurred, or that are none.</param>
    public static Image Apply(
        Conversion conversion, ModelSet models, double strength, IReadOnlyList<Box> add, IReadOnlyList<Box> leave)
    {
        using var memory = conversion.Image.CopyMemory();
        var detector = new FaceDetector(models["blazeface"]);
        var (width, height, frames) = (memory.Width, memory.PageHeight, memory.Height / memory.PageHeight);
        var findings = new Findings(isAnimation: frames > 1);
        var found = new List<BlurredArea>[frames];
        var areas = new List<BlurredArea>[frames];
        for (var frame = 0; frame < frames; frame++)
        {
            using var picture = memory.Crop(0, frame * height, width, height);
            var faces = detector.Find(picture, part => conversion.Report((frame + part) / frames), conversion.CancellationToken);
            found[frame] = [.. faces.Select(BlurredArea.Of)];
            var left = Left(found[frame], frame);
            foreach (var (face, area) in faces.Zip(found[frame]))
            {
                findings.Add(frame, area.Bounds(1, width, height), face.Score, left.Contains(area));
            }

            areas[frame] = [.. found[frame].Except(left)];
        }

        var result = memory.Copy();
        var (count, pixels) = (0, 0L);
        for (var frame = 0; frame < frames; frame++)
        {
            foreach (var area in areas[frame].Concat(memory.Contains("delay") ? Missed(frame) : []).Concat(Added(frame)))
            {
                conversion.CancellationToken.ThrowIfCancellationRequested();
                using (var before = result)
                {
                    result = WithBlurred(before, (width, height), area, frame * height, strength, out var changed);
                    (count, pixels) = (count + 1, pixels + changed);
                }

                if (count >= MaxChain || pixels >= (long)width * height)
                {
                    using var chain = result;
                    result = chain.CopyMemory();
                    (count, pixels) = (0, 0);
                }
            }
        }

        findings.WriteTo(conversion.ResultInfo, add.Count);
        return result;

        HashSet<BlurredArea> Left(List<BlurredArea> all, int frame) =>
            [.. leave.Where(box => IsOn(box, frame)).Select(box => BlurredArea.MeantBy(box, all, width, height)).OfType<BlurredArea>()];

        // What is moving is blurred and easily missed for a moment, in which the person would be seen.
        IEnumerable<BlurredArea> Missed(int frame) => new[] { frame - 1, frame + 1 }
            .Where(neighbour => neighbour >= 0 && neighbour < frames)
            .SelectMany(neighbour => areas[neighbour].Except(Left(found[neighbour], frame)))
            .Where(area => BlurredArea.MeantBy(area.Bounds(1, width, height), areas[frame], width, height) is null);

        IEnumerable<BlurredArea> Added(int frame) =>
            add.Where(box => IsOn(box, frame) && box.X < width && box.Y < height).Select(BlurredArea.Of);
    }

    private static bool IsOn(Box box, int frame) => box.Frame is not { } only || only == frame;

    private static Image WithBlurred(
        Image result, (int Width, int Height) frame, BlurredArea area, int top, double strength, out long changed)
    {
        var bounds = area.Bounds(FadeFactor, frame.Width, frame.Height);
        changed = (long)bounds.Width * bounds.Height;

        // The part may already contain the blur of another face: where two overlap, both stay blurred.
        using var part = result.Crop(bounds.X, top + bounds.Y, bounds.Width, bounds.Height);
        var cell = area.FaceWidth / (MaxCells + (MinCells - MaxCells) * strength / 100);
        using var blurred = Blurred(part, Math.Max(SmallestCell, cell));
        using var mask = Mask(area, bounds);
        using var mixed = mask.Ifthenelse(blurred, part, blend: true);

        // Computed now: areas that overlap would else be computed again and again, each for the next one's sake.
        using var memory = mixed.CopyMemory();
        return result.Insert(memory, bounds.X, top + bounds.Y);
    }

    /// <summary>The means of square cells, with smooth transitions; what is more transparent counts for less.</summary>
    private static Image Blurred(Image area, double cell)
    {
        var (columns, rows) = (Math.Max(1, (int)Math.Round(area.Width / cell)), Math.Max(1, (int)Math.Round(area.Height / cell)));
        using var weighted = area.HasAlpha() ? area.Premultiply() : area.Copy();
        using var means = weighted.Shrink((double)area.Width / columns, (double)area.Height / rows);
        using var smooth = means.Resize(
            (double)area.Width / means.Width, vscale: (double)area.Height / means.Height, kernel: Enums.Kernel.Linear);
        using var fitting = smooth.Gravity(Enums.CompassDirection.Centre, area.Width, area.Height, extend: Enums.Extend.Copy);
        using var plain = area.HasAlpha() ? fitting.Unpremultiply() : fitting.Copy();
        using var rounded = plain.Rint();
        using var cast = rounded.Cast(area.Format);
        return area.HasAlpha() ? WithAlphaOf(area, cast) : cast.Copy();
    }

    private static Image WithAlphaOf(Image area, Image blurred)
    {
        using var colours = blurred.ExtractBand(0, n: area.Bands - 1);
        using var alpha = area.ExtractBand(area.Bands - 1);
        return colours.Bandjoin(alpha);
    }

    /// <summary>
    /// 255 within the area, and in all of a rectangle, which someone drew who saw the face; falling to 0 at one that is larger by
    /// <see cref="FadeFactor"/>; in the size of its bounds.
    /// </summary>
    private static Image Mask(BlurredArea area, Box bounds)
    {
        var (cos, sin) = (Math.Cos(area.Angle), Math.Sin(area.Angle));
        using var places = Image.Xyz(bounds.Width, bounds.Height);
        using var offsets = places - new[] { area.X - bounds.X, area.Y - bounds.Y };
        using var turned = offsets.Recomb(Image.NewFromArray(new[,] { { cos, sin }, { -sin, cos } }));
        using var relative = turned.Abs() / new[] { area.HalfWidth, area.HalfHeight };
        using var distance = area.IsRectangle ? Larger(relative) : Length(relative);
        using var falling = (FadeFactor - distance) * (255 / (FadeFactor - 1));
        return falling.Cast(Enums.BandFormat.Uchar);
    }

    private static Image Length(Image vectors)
    {
        using var squares = vectors * vectors;
        return (squares[0] + squares[1]).Pow(0.5);
    }

    private static Image Larger(Image vectors)
    {
        using var isFirst = vectors[0] > vectors[1];
        return isFirst.Ifthenelse(vectors[0], vectors[1]);
    }

    /// <summary>What was found, as people and programs read it.</summary>
    private sealed class Findings(bool isAnimation)
    {
        private readonly JsonArray _boxes = [];
        private readonly Dictionary<int, int> _countByFrame = [];
        private int _found;

        public void Add(int frame, Box box, double score, bool isLeft)
        {
            _found++;
            if (!isLeft)
            {
                _countByFrame[frame] = _countByFrame.GetValueOrDefault(frame) + 1;
            }

            if (_boxes.Count == MaxBoxesTold)
            {
                return;
            }

            var told = new JsonObject
            {
                ["box"] = new JsonArray(box.X, box.Y, box.Width, box.Height),
                ["score"] = Math.Round(score, 3),
            };
            if (isAnimation)
            {
                told["frame"] = frame;
            }

            if (isLeft)
            {
                told["left"] = true;
            }

            _boxes.Add((JsonNode)told);
        }

        public void WriteTo(JsonObject info, int added)
        {
            // Of an animation, the most in one frame: the same people are in many.
            info["faces"] = _countByFrame.Values.DefaultIfEmpty(0).Max();
            info["boxes"] = _boxes;
            if (_found > _boxes.Count)
            {
                info["boxesNotTold"] = _found - _boxes.Count;
            }

            if (_found == 0 && added == 0)
            {
                info["notice"] = "No face was found, so nothing was blurred. Faces that are covered, very small or seen from the side may "
                    + "be missed: look yourself, and draw a box around each that should be blurred.";
            }
        }
    }
}
