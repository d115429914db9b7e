using System.Numerics;
using System.Runtime.InteropServices;
using ImageEditor.Converters.Pipeline;
using NetVips;

namespace ImageEditor.Converters.Onnx.Tiles;

/// <summary>
/// Runs a network that makes a picture of a picture, RGB from 0 to 1, tile by tile: memory depends on the size of a tile, and on the
/// result's pixels. Tiles overlap, and of each only the part counts that its cut edges do not reach.
/// </summary>
/// <param name="network">
/// From 1×3×H×W to 1×3×(H·scale)×(W·scale); with a margin, H and W of the input have twice the margin more. The flag is set for the last
/// tile: then the network releases the memory of its runs.
/// </param>
public sealed class TiledNetwork(Func<Tensor, bool, CancellationToken, Tensor> network)
{
    /// <summary>Runs a network as it is.</summary>
    public TiledNetwork(Model model)
        : this((tile, releaseMemory, cancellationToken) => model.Run(tile, cancellationToken, releaseMemory))
    {
    }

    /// <summary>How often a preview is made of a picture.</summary>
    private const int Previews = 8;

    /// <summary>How far colours spread below full transparency, in pixels of the input (the standard deviation of a Gaussian).</summary>
    private const double Spread = 2;

    /// <summary>What a pixel of a preview shows that is not there yet, as a part of the largest value.</summary>
    private const double NotYet = 0.5;

    /// <summary>How many pixels of the result a pixel of the input becomes, along each side.</summary>
    public int Scale { get; init; } = 1;

    /// <summary>The side of a tile in pixels of the input, without its overlap.</summary>
    public required int Tile { get; init; }

    /// <summary>How many pixels of its surroundings a tile sees on each side, within the picture.</summary>
    public int Overlap { get; init; }

    /// <summary>How many pixels the network takes off on each side; the picture is continued so far beyond its edges.</summary>
    public int Margin { get; init; }

    /// <summary>Applies the network to each frame. Alpha is resized beside it; the profile and all else is kept.</summary>
    /// <param name="conversion">Its picture has 8 or 16 bits per channel, grey or RGB, and is read once from top to bottom.</param>
    /// <exception cref="OperationCanceledException">The caller aborted the request, or the time limit is over.</exception>
    public Image Apply(Conversion conversion)
    {
        var image = conversion.Image;
        using var canvas = new Canvas(image.Width * Scale, image.Height * Scale, image.Bands, image.Format);
        if (image.Format == Enums.BandFormat.Ushort)
        {
            Apply<ushort>(conversion, canvas);
        }
        else
        {
            Apply<byte>(conversion, canvas);
        }

        using var result = canvas.ToImage();
        return WithMetadata(result, image);
    }

    private void Apply<T>(Conversion conversion, Canvas canvas)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        var (image, frame) = (conversion.Image, conversion.Image.PageHeight);
        using var reader = new RowReader(image);
        var columns = TileSpan.Divide(image.Width, Tile, Overlap);
        var rows = TileSpan.Divide(frame, Tile, Overlap);
        var (done, count) = (0, columns.Count * rows.Count * (image.Height / frame));
        for (var top = 0; top < image.Height; top += frame)
        {
            foreach (var row in rows)
            {
                var strip = MemoryMarshal.Cast<byte, T>(reader.Read(top + row.From, top + row.To));
                foreach (var column in columns)
                {
                    conversion.CancellationToken.ThrowIfCancellationRequested();
                    ApplyTile(strip, image, canvas, row, column, top, releaseMemory: done + 1 == count, conversion.CancellationToken);
                    conversion.Report((double)++done / count);
                }

                if (image.Height == frame && rows.Count > 1 && done * Previews / count > (done - columns.Count) * Previews / count)
                {
                    using var preview = Preview(image, canvas, row.End * Scale);
                    conversion.Preview(preview);
                }
            }
        }
    }

    private void ApplyTile<T>(
        ReadOnlySpan<T> strip,
        Image image,
        Canvas canvas,
        TileSpan row,
        TileSpan column,
        int top,
        bool releaseMemory,
        CancellationToken cancellationToken)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        var (width, height, bands) = (column.To - column.From, row.To - row.From, image.Bands);
        var pixels = new T[width * height * bands];
        for (var y = 0; y < height; y++)
        {
            strip.Slice((y * image.Width + column.From) * bands, width * bands).CopyTo(pixels.AsSpan(y * width * bands));
        }

        var colours = image.HasAlpha() ? WithSpreadColours(pixels, width, height, image) : pixels;
        var output = network(Input(colours, width, height, bands), releaseMemory, cancellationToken);
        var alpha = !image.HasAlpha() ? null : Scale == 1 ? pixels : Alpha(pixels, width, height, bands);
        Write(canvas, output.Values, alpha, row, column, top, bands);
    }

    /// <summary>Red, green and blue from 0 to 1, one after the other; of grey, three times the same.</summary>
    private Tensor Input<T>(T[] pixels, int width, int height, int bands)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        var tensor = new Tensor(1, 3, height + 2 * Margin, width + 2 * Margin);
        var factor = 1 / float.CreateChecked(T.MaxValue);
        var (values, at) = (tensor.Values, 0);
        for (var channel = 0; channel < 3; channel++)
        {
            var band = bands < 3 ? 0 : channel;
            for (var y = -Margin; y < height + Margin; y++)
            {
                var start = Math.Clamp(y, 0, height - 1) * width;
                for (var x = -Margin; x < width + Margin; x++)
                {
                    values[at++] = float.CreateChecked(pixels[(start + Math.Clamp(x, 0, width - 1)) * bands + band]) * factor;
                }
            }
        }

        return tensor;
    }

    private void Write<T>(Canvas canvas, float[] output, T[]? alpha, TileSpan row, TileSpan column, int top, int bands)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        var (width, height) = ((column.To - column.From) * Scale, (row.To - row.From) * Scale);
        var (skippedRows, skippedColumns) = ((row.Start - row.From) * Scale, (column.Start - column.From) * Scale);
        var (plane, colours, maximum) = (width * height, bands < 3 ? 1 : 3, float.CreateChecked(T.MaxValue));
        for (var y = 0; y < (row.End - row.Start) * Scale; y++)
        {
            var target = canvas.Row<T>((top + row.Start) * Scale + y, column.Start * Scale, (column.End - column.Start) * Scale);
            var source = (skippedRows + y) * width + skippedColumns;
            for (var to = 0; to < target.Length; source++)
            {
                if (colours == 1)
                {
                    target[to++] = Rounded((output[source] + output[plane + source] + output[2 * plane + source]) / 3);
                }
                else
                {
                    target[to++] = Rounded(output[source]);
                    target[to++] = Rounded(output[plane + source]);
                    target[to++] = Rounded(output[2 * plane + source]);
                }

                if (alpha is not null)
                {
                    target[to++] = alpha.Length == plane ? alpha[source] : alpha[source * bands + bands - 1];
                }
            }
        }

        T Rounded(float value) => T.CreateTruncating(Math.Clamp(value * maximum + 0.5f, 0, maximum));
    }

    /// <summary>
    /// Gives fully transparent pixels the colours of what is seen around them: else their hidden ones would show at its edges.
    /// </summary>
    private static T[] WithSpreadColours<T>(T[] pixels, int width, int height, Image image)
        where T : unmanaged
    {
        using var tile = OfPixels(pixels, width, height, image);
        using var alpha = tile.ExtractBand(image.Bands - 1);
        using var hidden = alpha.Equal(0);
        if (hidden.Max() == 0)
        {
            return pixels;
        }

        using var weighted = tile.Premultiply();
        using var blurred = weighted.Gaussblur(Spread, precision: Enums.Precision.Float);
        using var spread = blurred.Unpremultiply();
        using var cast = spread.Cast(image.Format);
        using var filled = hidden.Ifthenelse(cast, tile);
        return filled.WriteToMemory<T>();
    }

    /// <summary>The alpha of a tile, resized as the network resizes its colours.</summary>
    private T[] Alpha<T>(T[] pixels, int width, int height, int bands)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        var plane = new float[width * height];
        for (var i = 0; i < plane.Length; i++)
        {
            plane[i] = float.CreateChecked(pixels[i * bands + bands - 1]);
        }

        var maximum = float.CreateChecked(T.MaxValue);
        return Array.ConvertAll(
            Bicubic.Resize(plane, 1, width, height, width * Scale, height * Scale),
            value => T.CreateTruncating(Math.Clamp(value + 0.5f, 0, maximum)));
    }

    private static Image OfPixels<T>(T[] pixels, int width, int height, Image like)
        where T : unmanaged
    {
        using var memory = Image.NewFromMemory(pixels, width, height, like.Bands, like.Format);
        return memory.Copy(interpretation: like.Interpretation);
    }

    private Image Preview(Image image, Canvas canvas, int rows)
    {
        using var there = canvas.View(rows);
        using var coloured = there.Copy(interpretation: image.Interpretation);
        var maximum = image.Format == Enums.BandFormat.Ushort ? ushort.MaxValue : byte.MaxValue;
        return coloured.Embed(
            0, 0, image.Width * Scale, image.Height * Scale, extend: Enums.Extend.Background, background: [NotYet * maximum]);
    }

    /// <summary>Copies the profile, the delays and all other metadata of the input, with the new height of a frame.</summary>
    private Image WithMetadata(Image result, Image input)
    {
        using var coloured = result.Copy(interpretation: input.Interpretation);
        return coloured.Mutate(mutable =>
        {
            foreach (var field in input.GetFields().Where(field => result.GetTypeOf(field) == 0))
            {
                mutable.Set(input.GetTypeOf(field), field, input.Get(field));
            }

            if (input.PageHeight < input.Height)
            {
                mutable.Set(GValue.GIntType, "page-height", input.PageHeight * Scale);
            }
        });
    }
}
