using ImageEditor.Converters.Onnx;

namespace ImageEditor.Converters.Faces;

/// <summary>BlazeFace (Bazarevsky et al. 2019): the faces in a square of 256 × 256 pixels, upright or leaning by up to about 40°.</summary>
internal sealed class BlazeFace(Model model)
{
    /// <summary>Pixels: what the network sees at once is a square of this side.</summary>
    public const int Side = 256;

    /// <summary>Pixels: what is smaller is no face, and a second look at it would be at next to nothing, much enlarged.</summary>
    private const float Smallest = 8;

    /// <summary>Numbers of a guess: the box, then six points, of which the first two are the eyes.</summary>
    private const int Values = 16;

    /// <summary>The network's anchors: cells along a side of its two maps, and guesses for each cell.</summary>
    private static readonly (int Cells, int Guesses, string Scores, string Boxes)[] Maps =
        [(16, 2, "Identity:0", "Identity_2:0"), (8, 6, "Identity_1:0", "Identity_3:0")];

    private static readonly string[] Outputs = [.. Maps.SelectMany(map => new[] { map.Scores, map.Boxes })];

    /// <summary>All guesses that the network is sure enough of; many of the same face.</summary>
    /// <param name="pixels">256 × 256 of red, green and blue, row by row.</param>
    /// <param name="threshold">How sure it must be, from 0 to 1.</param>
    /// <param name="releaseMemory">Whether to release the memory of the runs afterwards: set for the last run of a picture.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    public List<Face> Find(byte[] pixels, double threshold, bool releaseMemory, CancellationToken cancellationToken)
    {
        var input = new Tensor(Array.ConvertAll(pixels, value => value / 127.5f - 1), 1, Side, Side, 3);
        var outputs = model.Run(new Dictionary<string, Tensor> { ["input:0"] = input }, Outputs, cancellationToken, releaseMemory);
        var faces = new List<Face>();
        foreach (var (index, map) in Maps.Index())
        {
            var (scores, boxes) = (outputs[2 * index].Values, outputs[2 * index + 1].Values);
            for (var i = 0; i < scores.Length; i++)
            {
                var score = 1 / (1 + Math.Exp(-scores[i]));
                if (score >= threshold)
                {
                    // All places are relative to the middle of the guess's cell.
                    var cell = i / map.Guesses;
                    var (x, y) = ((cell % map.Cells + 0.5) * Side / map.Cells, (cell / map.Cells + 0.5) * Side / map.Cells);
                    var guess = boxes.AsSpan(Values * i, Values);
                    var angle = Math.Atan2(guess[7] - guess[5], guess[6] - guess[4]);
                    if (guess[2] >= Smallest && guess[3] >= Smallest)
                    {
                        faces.Add(new Face(x + guess[0], y + guess[1], guess[2], guess[3], angle, score));
                    }
                }
            }
        }

        return faces;
    }
}
