using ImageEditor.Converters.Differentiation;
using ImageEditor.Converters.Onnx;

namespace ImageEditor.Converters.Gradients;

/// <summary>
/// The gradient of a loss with respect to a picture, computed tile by tile, so that memory does not depend on the picture's size. Beyond
/// its edges the picture is continued mirrored.
/// </summary>
/// <param name="network">A graph with an input <c>image</c>, 1×3×H×W in [-1, 1], and an output <c>gradient</c> of the same shape.</param>
/// <param name="tile">The longest side of what the network sees at once, in pixels; a multiple of 32.</param>
public sealed class TiledGradient(RunNetwork network, int tile = TiledGradient.DefaultTile)
{
    /// <summary>Measured: at 448 a run takes 200 MB; larger tiles are not faster.</summary>
    public const int DefaultTile = 448;

    /// <summary>The stride of the network's deepest layers: it sees a picture that is moved by this as the same.</summary>
    private const int Stride = 32;

    /// <summary>What a tile sees of its neighbours on each side, in pixels.</summary>
    private const int Margin = 32;

    /// <summary>By how many pixels the borders between tiles move from step to step, so that none of them shows.</summary>
    private const int Shift = 64;

    /// <summary>Computes the gradient.</summary>
    /// <param name="picture">Colours from 0 to 1.</param>
    /// <param name="random">Moves the network's grid, and the tiles' borders, against the picture.</param>
    /// <param name="cancellationToken">Stops the run of the network.</param>
    /// <returns>The gradient, of any magnitude.</returns>
    public RgbPlanes Of(RgbPlanes picture, Random random, CancellationToken cancellationToken)
    {
        var rows = TileAxis.Divide(picture.Height, tile, random);
        var columns = TileAxis.Divide(picture.Width, tile, random);
        var gradient = new RgbPlanes(picture.Width, picture.Height);
        var input = new Tensor(1, 3, rows.InputLength, columns.InputLength);
        for (var row = 0; row < rows.Count; row++)
        {
            for (var column = 0; column < columns.Count; column++)
            {
                Gather(picture, input.Values, rows.Start(row), rows.InputLength, columns.Start(column), columns.InputLength);
                var result = network(new Dictionary<string, Tensor> { ["image"] = input }, [Gradient.Output], cancellationToken)[0];
                Scatter(result.Values, gradient, rows, row, columns, column);
            }
        }

        return gradient;
    }

    /// <summary>Fills a network's input with a part of a picture, which is continued mirrored beyond its edges.</summary>
    internal static void Gather(RgbPlanes picture, float[] tile, int top, int height, int left, int width)
    {
        int[] across = [.. Enumerable.Range(left, width).Select(x => MirrorIndex(x, picture.Width))];
        var at = 0;
        for (var channel = 0; channel < 3; channel++)
        {
            for (var y = top; y < top + height; y++)
            {
                var row = picture.Values.AsSpan((channel * picture.Height + MirrorIndex(y, picture.Height)) * picture.Width, picture.Width);
                foreach (var x in across)
                {
                    tile[at++] = 2 * row[x] - 1;
                }
            }
        }
    }

    private static void Scatter(float[] tile, RgbPlanes gradient, TileAxis rows, int row, TileAxis columns, int column)
    {
        var (top, bottom) = rows.ValidRange(row, gradient.Height);
        var (left, right) = columns.ValidRange(column, gradient.Width);
        for (var channel = 0; channel < 3; channel++)
        {
            for (var y = top; y < bottom; y++)
            {
                tile.AsSpan(
                    (channel * rows.InputLength + y - rows.Start(row)) * columns.InputLength + left - columns.Start(column), right - left)
                    .CopyTo(gradient.Values.AsSpan((channel * gradient.Height + y) * gradient.Width + left));
            }
        }
    }

    private static int MirrorIndex(int index, int length)
    {
        var place = index % (2 * length);
        place = place < 0 ? place + 2 * length : place;
        return place < length ? place : 2 * length - 1 - place;
    }

    /// <summary>Tiles along one axis: all of one length, so that the network always sees the same shape.</summary>
    /// <param name="Count">How many.</param>
    /// <param name="ValidLength">Pixels of each that count.</param>
    /// <param name="Halo">Pixels on each side that it only sees.</param>
    /// <param name="Offset">How far the first one begins before the picture.</param>
    private readonly record struct TileAxis(int Count, int ValidLength, int Halo, int Offset)
    {
        public int InputLength => ValidLength + 2 * Halo;

        public static TileAxis Divide(int length, int tile, Random random)
        {
            var shift = Math.Min(length, Stride);
            if (RoundUpToStride(length + shift) <= tile)
            {
                return new TileAxis(1, RoundUpToStride(length + shift), Halo: 0, random.Next(shift));
            }

            var count = (length + Shift + tile - 2 * Margin - 1) / (tile - 2 * Margin);
            return new TileAxis(count, RoundUpToStride((length + Shift + count - 1) / count), Margin, random.Next(Shift));
        }

        /// <summary>The first pixel that a tile sees.</summary>
        public int Start(int index) => index * ValidLength - Offset - Halo;

        /// <summary>The first pixel of the picture that a tile counts for, and the one after the last.</summary>
        public (int From, int To) ValidRange(int index, int length) =>
            (Math.Clamp(index * ValidLength - Offset, 0, length), Math.Clamp((index + 1) * ValidLength - Offset, 0, length));

        private static int RoundUpToStride(int length) => (length + Stride - 1) / Stride * Stride;
    }
}
