using ImageEditor.Converters.Onnx;
using ImageEditor.Converters.Onnx.Tiles;
using ImageEditor.Converters.Pipeline;
using NetVips;

namespace ImageEditor.Converters.Upscale;

/// <summary>
/// Enlarges with residual dense networks: ×2 is RDN (Zhang et al. 2018, "Residual Dense Network for Image Super-Resolution"), ×4 is RRDN,
/// trained with a GAN (Wang et al. 2018, "ESRGAN").
/// </summary>
/// <remarks>
/// Back-projection (Irani, Peleg 1991) makes a result agree with its picture when it is made small again: the networks, whose weights were
/// rounded to 8 bits, change the brightness by about 1 of 255, which costs up to 4 dB on smooth parts. The GAN draws detail that may not
/// have been there; the mean of its result and of the other network's is nearer to the truth (measured: +0.5 dB over bicubic alone, +1.3 dB
/// together).
/// </remarks>
internal static class Upscaler
{
    /// <summary>Pixels, measured: at 128 a run takes the least memory per pixel, and not less time when tiles are larger.</summary>
    private const int Tile = 128;

    /// <summary>
    /// Pixels. The networks could see further, but what is further away no longer changes a result of 8 bits (a test compares).
    /// </summary>
    private const int Overlap = 16;

    /// <summary>Makes a picture 2 or 4 times as wide and high.</summary>
    /// <exception cref="ImageEditor.ServiceDefaults.Problems.ProblemException">422: the result would be too large.</exception>
    public static Image Apply(Conversion conversion, ModelSet models, int scale) => Apply(conversion, models, scale, Tile);

    /// <inheritdoc cref="Apply(Conversion, ModelSet, int)"/>
    internal static Image Apply(Conversion conversion, ModelSet models, int scale, int tile)
    {
        var image = conversion.Image;
        conversion.EnsureResultFits(image.Width * scale, image.PageHeight * scale, image.Height / image.PageHeight);
        Func<Tensor, bool, CancellationToken, Tensor> network = scale == 2
            ? (picture, releaseMemory, cancellationToken) => Twice(models, picture, releaseMemory, cancellationToken)
            : (picture, releaseMemory, cancellationToken) => FourTimes(models, picture, releaseMemory, cancellationToken);
        return new TiledNetwork(network) { Scale = scale, Tile = tile, Overlap = Overlap }.Apply(conversion);
    }

    private static Tensor Twice(ModelSet models, Tensor picture, bool releaseMemory, CancellationToken cancellationToken) =>
        Projected(models["upscale-x2"].Run(picture, cancellationToken, releaseMemory), picture);

    private static Tensor FourTimes(ModelSet models, Tensor picture, bool releaseMemory, CancellationToken cancellationToken)
    {
        var drawn = Projected(models["upscale-x4"].Run(picture, cancellationToken, releaseMemory), picture);
        var faithful = Projected(
            Resized(Twice(models, picture, releaseMemory, cancellationToken), drawn.Shape[3], drawn.Shape[2]), picture);
        for (var i = 0; i < drawn.Values.Length; i++)
        {
            drawn.Values[i] = (drawn.Values[i] + faithful.Values[i]) / 2;
        }

        return drawn;
    }

    /// <summary>Adds what is missing of a picture to its enlarged version.</summary>
    private static Tensor Projected(Tensor large, Tensor picture)
    {
        var missing = Resized(large, picture.Shape[3], picture.Shape[2]);
        for (var i = 0; i < missing.Values.Length; i++)
        {
            missing.Values[i] = picture.Values[i] - missing.Values[i];
        }

        var correction = Resized(missing, large.Shape[3], large.Shape[2]).Values;
        for (var i = 0; i < correction.Length; i++)
        {
            large.Values[i] += correction[i];
        }

        return large;
    }

    private static Tensor Resized(Tensor picture, int width, int height) =>
        new(Bicubic.Resize(picture.Values, 3, picture.Shape[3], picture.Shape[2], width, height), 1, 3, height, width);
}
