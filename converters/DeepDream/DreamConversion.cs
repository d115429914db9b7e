using ImageEditor.Converters.Gradients;
using ImageEditor.Converters.Onnx;
using ImageEditor.Converters.Pipeline;
using NetVips;

namespace ImageEditor.Converters.DeepDream;

/// <summary>Dreams on a picture of any size, frame by frame.</summary>
internal static class DreamConversion
{
    /// <summary>
    /// The most pixels that are dreamt on, all frames together; measured: about 17 s at the default settings on one core.
    /// </summary>
    private const int MaxPixels = 1_000_000;

    /// <summary>Pixels of a frame that are dreamt on however many frames there are.</summary>
    private const int MinPixelsPerFrame = 10_000;

    /// <summary>Makes the dream.</summary>
    /// <exception cref="OperationCanceledException">The caller aborted the request, or the time limit is over.</exception>
    public static Image Apply(Conversion conversion, Model gradient, DreamSettings settings)
    {
        var dreamer = new Dreamer(
            new TiledGradient((inputs, outputs, cancellationToken) => gradient.Run(inputs, outputs, cancellationToken)), settings);
        return ReducedCopyPainting.Apply(conversion, MaxPixels, MinPixelsPerFrame, (planes, place) => dreamer.Dream(
            planes,
            part => conversion.Report((place.Frame + part) / place.Frames),
            dream => Show(conversion, dream),
            conversion.CancellationToken));
    }

    private static void Show(Conversion conversion, RgbPlanes dream)
    {
        using var image = dream.ToPicture();
        conversion.Preview(image);
    }
}
