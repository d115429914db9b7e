using ImageEditor.Converters.Images;
using ImageEditor.Converters.Onnx;
using NetVips;

namespace ImageEditor.Converters.BlurFaces;

/// <summary>
/// BlazeFace (Bazarevsky et al. 2019), run on ever smaller parts of a picture: on all of it for large faces, and on tiles of half the
/// size again and again for small ones.
/// </summary>
internal sealed class FaceDetector(Model model)
{
    /// <summary>Pixels: what the network sees at once is a square of this side.</summary>
    private const int Side = 256;

    /// <summary>How sure the network must be; below it sees faces in flowers and windows.</summary>
    private const double Threshold = 0.8;

    /// <summary>Pixels of the picture that the smallest tile covers: in it a face of 30 pixels is found.</summary>
    private const int MinTile = 320;

    /// <summary>
    /// How far neighbouring tiles cover the same, as a part of their side: a face as wide as that is whole in one of them.
    /// </summary>
    private const double Overlap = 0.4;

    /// <summary>Two finds are one face when the smaller lies so far within the other.</summary>
    private const double SameFaceOverlap = 0.4;

    /// <summary>The network's anchors: cells along a side of its two maps, and guesses for each cell.</summary>
    private static readonly (int Cells, int Guesses, string Scores, string Boxes)[] Maps =
        [(16, 2, "Identity:0", "Identity_2:0"), (8, 6, "Identity_1:0", "Identity_3:0")];

    private static readonly string[] Outputs = [.. Maps.SelectMany(map => new[] { map.Scores, map.Boxes })];

    /// <summary>All faces in a picture, none twice.</summary>
    /// <param name="picture">In memory; 8 or 16 bits per channel, grey or RGB.</param>
    /// <param name="report">Receives the part of the work that is done, from 0 to 1.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public IReadOnlyList<Face> Find(Image picture, Action<double> report, CancellationToken cancellationToken)
    {
        using var seen = ToDetectorInput(picture);
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
                found.AddRange(FindIn(level, left, top, releaseMemory: ++done == count, cancellationToken)
                    .Select(face => new Face(face.X / scale, face.Y / scale, face.Width / scale, face.Height / scale, face.Score)));
                report((double)done / count);
            }
        }

        return SuppressDuplicates(found);
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

    private List<Face> FindIn(Image level, int left, int top, bool releaseMemory, CancellationToken cancellationToken)
    {
        var outputs = model.Run(
            new Dictionary<string, Tensor> { ["input:0"] = Input(level, left, top) }, Outputs, cancellationToken, releaseMemory);
        var faces = new List<Face>();
        foreach (var (index, map) in Maps.Index())
        {
            var (scores, boxes) = (outputs[2 * index].Values, outputs[2 * index + 1].Values);
            for (var i = 0; i < scores.Length; i++)
            {
                var score = 1 / (1 + Math.Exp(-scores[i]));
                if (score >= Threshold)
                {
                    // A box is relative to the middle of its cell. Points of the face follow; they are not needed here.
                    var (cell, box) = (i / map.Guesses, boxes[(16 * i)..(16 * i + 4)]);
                    var (x, y) = ((cell % map.Cells + 0.5) * Side / map.Cells, (cell / map.Cells + 0.5) * Side / map.Cells);
                    faces.Add(new Face(left + x + box[0], top + y + box[1], box[2], box[3], score));
                }
            }
        }

        return faces;
    }

    /// <summary>1×256×256×3 from -1 to 1; black where the tile reaches past the picture.</summary>
    private static Tensor Input(Image level, int left, int top)
    {
        var (width, height) = (Math.Min(Side, level.Width - left), Math.Min(Side, level.Height - top));
        using var tile = level.Crop(left, top, width, height);
        using var square = tile.Embed(0, 0, Side, Side);
        var pixels = square.WriteToMemory<byte>();
        return new Tensor(Array.ConvertAll(pixels, value => value / 127.5f - 1), 1, Side, Side, 3);
    }

    /// <summary>Keeps, of finds of the same face, the surest.</summary>
    private static List<Face> SuppressDuplicates(IEnumerable<Face> found)
    {
        var kept = new List<Face>();
        foreach (var face in found.OrderByDescending(face => face.Score))
        {
            if (kept.All(other => other.OverlapWith(face) < SameFaceOverlap))
            {
                kept.Add(face);
            }
        }

        return kept;
    }
}
