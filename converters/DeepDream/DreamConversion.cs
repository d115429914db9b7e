using ImageEditor.Converters.Gradients;
using ImageEditor.Converters.Onnx;
using NetVips;

namespace ImageEditor.Converters.DeepDream;

/// <summary>Dreams on a picture of any size, frame by frame.</summary>
internal static class DreamConversion
{
    /// <summary>The most pixels that are dreamt on, all frames together; measured: about 17 s at the default settings on one core.</summary>
    private const int Pixels = 1_000_000;

    /// <summary>Pixels of a frame that are dreamt on however many frames there are.</summary>
    private const int LeastPixels = 10_000;

    /// <summary>Makes the dream.</summary>
    /// <exception cref="OperationCanceledException">The caller hung up, or the time is over.</exception>
    public static Image Apply(Conversion conversion, Model gradient, DreamSettings settings)
    {
        var dreamer = new Dreamer(new TiledGradient((inputs, outputs, cancellationToken) => gradient.Run(inputs, outputs, cancellationToken)), settings);
        return Repainting.Apply(conversion, Pixels, LeastPixels, (planes, place) => dreamer.Dream(
            planes,
            part => conversion.Report((place.Frame + part) / place.Frames),
            dream => Show(conversion, dream),
            conversion.CancellationToken));
    }

    private static void Show(Conversion conversion, Planes dream)
    {
        using var image = dream.ToPicture();
        conversion.Preview(image);
    }
}
