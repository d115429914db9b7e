using ImageEditor.Converters.Onnx;
using ImageEditor.Converters.Onnx.Tiles;
using ImageEditor.Converters.Pipeline;
using NetVips;

namespace ImageEditor.Converters.Denoise;

/// <summary>The networks of waifu2x: seven convolutions of 3 × 3 without padding, trained to undo JPEG compression and noise.</summary>
internal static class Denoiser
{
    /// <summary>Pixels.</summary>
    private const int Tile = 256;

    /// <summary>Pixels that seven convolutions without padding take off on each side, and so also how far they see.</summary>
    private const int Margin = 7;

    /// <summary>Takes noise and the traces of compression out of a picture.</summary>
    /// <param name="conversion">Whose picture it is.</param>
    /// <param name="models">The process's networks.</param>
    /// <param name="level">From 0, for little noise, to 3, for much.</param>
    public static Image Apply(Conversion conversion, ModelSet models, int level) =>
        new TiledNetwork(models[$"denoise-{level}"]) { Tile = Tile, Overlap = Margin, Margin = Margin }.Apply(conversion);
}
