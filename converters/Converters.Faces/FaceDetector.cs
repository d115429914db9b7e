using ImageEditor.Converters.Images;
using ImageEditor.Converters.Onnx;
using NetVips;

namespace ImageEditor.Converters.Faces;

/// <summary>
/// Finds faces of all sizes, turned in any way. The network runs on ever smaller parts of a picture, on all of it for large faces and on
/// tiles of half the size again and again for small ones, each turned four times; what it may have seen is then looked at again, upright
/// and in the middle, and counts when it is a face from several distances.
/// </summary>
public sealed class FaceDetector(Model model)
{
    private const int Side = BlazeFace.Side;

    /// <summary>How sure the network must be of a face for a second look.</summary>
    private const double CandidateThreshold = 0.7;

    /// <summary>
    /// The score from which it is a face: the geometric mean of the first look and the mean of the second ones. The network sees faces in
    /// flowers and on clothes, too, but not from each distance. Measured: faces, turned in eight ways, have 0.83 and more, all else up to
    /// 0.80 (docs/performance.md).
    /// </summary>
    private const double Threshold = 0.81;

    /// <summary>Pixels of the picture that the smallest tile covers: in it a face of 30 pixels is found.</summary>
    private const int MinTile = 320;

    /// <summary>
    /// How far neighbouring tiles cover the same, as a part of their side: a face as wide as that is whole in one of them.
    /// </summary>
    private const double Overlap = 0.4;

    /// <summary>Two finds are one face when the smaller lies so far within the other.</summary>
    private const double SameFaceOverlap = 0.4;

    /// <summary>Radians: candidates that are turned by more than this against one another are looked at again each by itself.</summary>
    private const double SameTurn = Math.PI / 3;

    /// <summary>How large a square the second looks see, in sizes of the face, and how far they are turned, in degrees.</summary>
    private static readonly (double Size, double Turn)[] Looks = [(2, 0), (2.8, 0), (2, 15), (2.8, -15)];

    private readonly BlazeFace _network = new(model);

    /// <summary>All faces in a picture, none twice.</summary>
    /// <param name="picture">In memory; 8 or 16 bits per channel, grey or RGB.</param>
    /// <param name="report">Receives the part of the work that is done, from 0 to 1.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public IReadOnlyList<Face> Find(Image picture, Action<double> report, CancellationToken cancellationToken)
    {
        using var seen = ToDetectorInput(picture);

        // The wrong way round a face may look surer at first: the second looks decide.
        var candidates = SuppressDuplicates(Candidates(seen, report, cancellationToken), SameTurn, cancellationToken);
        return SuppressDuplicates(
            candidates.Select(candidate => Confirmed(seen, candidate, cancellationToken)).Where(face => face.Score >= Threshold),
            withinTurn: Math.PI,
            cancellationToken);
    }

    /// <summary>All that may be a face.</summary>
    private List<Face> Candidates(Image seen, Action<double> report, CancellationToken cancellationToken)
    {
        var longest = Math.Max(seen.Width, seen.Height);
        var levels = 1 + (longest <= MinTile ? 0 : (int)Math.Ceiling(Math.Log2((double)longest / MinTile)));
        var scales = Enumerable.Range(0, levels)
            .Select(level => level == 0 ? (double)Side / longest : Math.Min(1.0, Side * Math.Pow(2, level) / longest))
            .Distinct();
        var found = new List<Face>();
        var tiles = scales.Select(scale => (scale, Tiles(seen, scale))).ToList();
        var (done, count) = (0, tiles.Sum(level => level.Item2.Count));
        foreach (var (scale, corners) in tiles)
        {
            using var resized = scale < 1 || seen.Width < Side ? seen.Resize(scale) : seen.Copy();
            using var level = resized.CopyMemory();
            foreach (var (left, top) in corners)
            {
                var last = ++done == count;
                found.AddRange(FindInTile(level, left, top, last, cancellationToken).Select(face => face with
                {
                    X = (left + face.X) / scale,
                    Y = (top + face.Y) / scale,
                    Width = face.Width / scale,
                    Height = face.Height / scale,
                }));
                report((double)done / count);
            }
        }

        return found;
    }

    /// <summary>The candidate as the second looks see it, with the score of all looks.</summary>
    private Face Confirmed(Image seen, Face candidate, CancellationToken cancellationToken)
    {
        var (best, sum, left) = (candidate with { Score = 0 }, 0.0, Looks.Length);
        foreach (var (size, turn) in Looks)
        {
            if (Look(seen, candidate, size, turn * Math.PI / 180, cancellationToken) is { } face)
            {
                sum += face.Score;
                best = face.Score > best.Score ? face : best;
            }

            if (ScoreOf(sum + --left) < Threshold)
            {
                // However sure the rest is.
                break;
            }
        }

        return best with { Score = ScoreOf(sum) };

        double ScoreOf(double looks) => Math.Sqrt(candidate.Score * looks / Looks.Length);
    }

    /// <summary>Opaque sRGB of 8 bits.</summary>
    private static Image ToDetectorInput(Image picture)
    {
        using var srgb = Colours.ToSrgb(picture);
        using var shallow = srgb.Colourspace(Enums.Interpretation.Srgb);
        using var opaque = shallow.HasAlpha() ? shallow.Flatten(background: [127]) : shallow.Copy();
        return opaque.CopyMemory();
    }

    /// <summary>Corners of tiles at a scale, in pixels of the scaled picture.</summary>
    private static List<(int Left, int Top)> Tiles(Image picture, double scale)
    {
        return [.. from top in Starts(picture.Height * scale) from left in Starts(picture.Width * scale) select (left, top)];

        static IEnumerable<int> Starts(double length)
        {
            var count = length <= Side ? 1 : 1 + (int)Math.Ceiling((length - Side) / (Side * (1 - Overlap)));
            return Enumerable.Range(0, count).Select(i => count == 1 ? 0 : (int)Math.Round(i * (length - Side) / (count - 1)));
        }
    }

    /// <summary>The faces in a tile, upright and turned by a quarter, a half and three quarters.</summary>
    private List<Face> FindInTile(Image level, int left, int top, bool releaseMemory, CancellationToken cancellationToken)
    {
        var (width, height) = (Math.Min(Side, level.Width - left), Math.Min(Side, level.Height - top));
        using var tile = level.Crop(left, top, width, height);
        using var square = tile.Embed(0, 0, Side, Side);
        var pixels = square.WriteToMemory<byte>();
        var faces = new List<Face>();
        for (var quarters = 0; quarters < 4; quarters++)
        {
            foreach (var face in _network.Find(pixels, CandidateThreshold, releaseMemory && quarters == 3, cancellationToken))
            {
                faces.Add(TurnedBack(face, quarters));
            }

            pixels = QuarterTurned(pixels);
        }

        return faces;
    }

    /// <summary>A quarter to the right.</summary>
    private static byte[] QuarterTurned(byte[] pixels)
    {
        var turned = new byte[pixels.Length];
        for (int y = 0, to = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var from = ((Side - 1 - x) * Side + y) * 3;
                turned[to++] = pixels[from++];
                turned[to++] = pixels[from++];
                turned[to++] = pixels[from];
            }
        }

        return turned;
    }

    /// <summary>Where a face was before its tile was turned to the right by so many quarters.</summary>
    private static Face TurnedBack(Face face, int quarters)
    {
        var (x, y) = quarters switch
        {
            0 => (face.X, face.Y),
            1 => (face.Y, Side - face.X),
            2 => (Side - face.X, Side - face.Y),
            _ => (Side - face.Y, face.X),
        };
        return face with { X = x, Y = y, Angle = face.Angle - quarters * Math.PI / 2 };
    }

    /// <summary>The face in the middle of what is seen around a candidate, turned upright; null when there is none.</summary>
    private Face? Look(Image seen, Face candidate, double size, double turn, CancellationToken cancellationToken)
    {
        var side = size * Math.Max(candidate.Width, candidate.Height);
        var (angle, scale) = (candidate.Angle + turn, side / Side);
        var expected = Side / size;
        var face = _network.Find(View(seen, candidate, side, angle), threshold: 0, releaseMemory: false, cancellationToken)
            .Where(face => Math.Abs(face.X - Side / 2) < expected / 2
                && Math.Abs(face.Y - Side / 2) < expected / 2
                && face.Width > expected / 2
                && face.Width < expected * 2)
            .MaxBy(face => face.Score);
        if (face is null)
        {
            return null;
        }

        var (right, down) = ((face.X - Side / 2) * scale, (face.Y - Side / 2) * scale);
        return new Face(
            candidate.X + right * Math.Cos(angle) - down * Math.Sin(angle),
            candidate.Y + right * Math.Sin(angle) + down * Math.Cos(angle),
            face.Width * scale,
            face.Height * scale,
            face.Angle + angle,
            face.Score);
    }

    /// <summary>A square of the picture around a face, turned, in the network's size; black where it reaches past the picture.</summary>
    private static byte[] View(Image seen, Face middle, double side, double angle)
    {
        // Shrunk first, so that reading single pixels leaves none out.
        var scale = Side / side;
        var reach = (int)Math.Ceiling(side * 0.75) + 2;
        var (left, top) = (Math.Max(0, (int)middle.X - reach), Math.Max(0, (int)middle.Y - reach));
        var (right, bottom) = (Math.Min(seen.Width, (int)middle.X + reach), Math.Min(seen.Height, (int)middle.Y + reach));
        var view = new byte[Side * Side * 3];
        if (right <= left || bottom <= top)
        {
            return view;
        }

        using var part = seen.Crop(left, top, right - left, bottom - top);
        using var resized = part.Resize(scale);
        var (width, height, pixels) = (resized.Width, resized.Height, resized.WriteToMemory<byte>());
        var (x0, y0) = ((middle.X - left) * scale, (middle.Y - top) * scale);
        var (cos, sin) = (Math.Cos(angle), Math.Sin(angle));
        for (int y = 0, to = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++, to += 3)
            {
                var (across, down) = (x + 0.5 - Side / 2, y + 0.5 - Side / 2);
                Sample(x0 + across * cos - down * sin - 0.5, y0 + across * sin + down * cos - 0.5, to);
            }
        }

        return view;

        // Bilinear.
        void Sample(double x, double y, int to)
        {
            var (column, row) = ((int)Math.Floor(x), (int)Math.Floor(y));
            if (column < 0 || row < 0 || column + 1 >= width || row + 1 >= height)
            {
                return;
            }

            var (fx, fy, at) = (x - column, y - row, (row * width + column) * 3);
            for (var channel = 0; channel < 3; channel++, at++)
            {
                var above = pixels[at] + fx * (pixels[at + 3] - pixels[at]);
                var below = pixels[at + width * 3] + fx * (pixels[at + width * 3 + 3] - pixels[at + width * 3]);
                view[to + channel] = (byte)(above + fy * (below - above) + 0.5);
            }
        }
    }

    /// <summary>Keeps, of finds of the same face that are turned by no more than an angle against one another, the surest.</summary>
    private static List<Face> SuppressDuplicates(IEnumerable<Face> found, double withinTurn, CancellationToken cancellationToken)
    {
        var kept = new List<Face>();
        foreach (var face in found.OrderByDescending(face => face.Score))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (kept.All(other => other.OverlapWith(face) < SameFaceOverlap || other.TurnTo(face) > withinTurn))
            {
                kept.Add(face);
            }
        }

        return kept;
    }
}
