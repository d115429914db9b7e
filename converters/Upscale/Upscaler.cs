using ImageEditor.Converters.Onnx;
using ImageEditor.Converters.Onnx.Tiles;
using NetVips;

namespace ImageEditor.Converters.Upscale;

/// <summary>
/// Residual dense networks: ×2 is RDN (Zhang et al. 2018, "Residual Dense Network for Image Super-Resolution"), ×4 is RRDN trained with a
/// GAN (Wang et al. 2018, "ESRGAN").
/// </summary>
internal static class Upscaler
{
    /// <summary>Pixels, measured: at 128 a run takes the least memory per pixel, and not less time when tiles are larger.</summary>
    private const int Tile = 128;

    /// <summary>Pixels. The networks could see further, but what is further away no longer changes a result of 8 bits (a test compares).</summary>
    private const int Overlap = 16;

    /// <summary>Makes a picture 2 or 4 times as wide and high.</summary>
    /// <exception cref="RefusalException">422: the result would be too large.</exception>
    public static Image Apply(Conversion conversion, ModelSet models, int scale)
    {
        var image = conversion.Image;
        conversion.EnsureResultFits(image.Width * scale, image.PageHeight * scale, image.Height / image.PageHeight);
        return new TiledNetwork(models[$"upscale-x{scale}"]) { Scale = scale, Tile = Tile, Overlap = Overlap }.Apply(conversion);
    }
}
