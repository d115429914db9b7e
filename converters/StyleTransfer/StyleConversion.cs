using ImageEditor.Converters.Gradients;
using ImageEditor.Converters.Onnx;
using ImageEditor.Converters.Pipeline;
using NetVips;

namespace ImageEditor.Converters.StyleTransfer;

/// <summary>Paints a picture of any size in a style, frame by frame.</summary>
internal static class StyleConversion
{
    /// <summary>
    /// The most pixels that are painted, all frames together; measured: 300 MB, and at the default settings about 15 s on one core.
    /// </summary>
    private const int MaxPixels = 250_000;

    /// <summary>Pixels of a frame that are painted however many frames there are.</summary>
    private const int MinPixelsPerFrame = 4_000;

    /// <summary>Pixels of the style picture: its strokes are as large in the painting as they are in this.</summary>
    private const int StylePixels = 150_000;

    /// <summary>Paints.</summary>
    /// <param name="conversion">Whose picture it is.</param>
    /// <param name="models">The process's networks.</param>
    /// <param name="own">The user's style picture; null for one of those that come with the converter.</param>
    /// <param name="style">Which of these.</param>
    /// <param name="settings">How to paint.</param>
    /// <exception cref="OperationCanceledException">The caller aborted the request, or the time limit is over.</exception>
    public static Image Apply(Conversion conversion, ModelSet models, Image? own, string style, StyleSettings settings)
    {
        var painter = new StylePainter(StyleNetwork.Of(models), own is null ? StylePicture.Named(style) : Copy(own), settings);
        return ReducedCopyPainting.Apply(conversion, MaxPixels, MinPixelsPerFrame, (planes, place) => painter.Paint(
            planes,
            part => conversion.Report((place.Frame + part) / place.Frames),
            painting => Show(conversion, painting),
            conversion.CancellationToken));
    }

    private static RgbPlanes Copy(Image own)
    {
        using var memory = own.CopyMemory();
        using var first = memory.Crop(0, 0, memory.Width, memory.PageHeight);
        using var opaque = first.HasAlpha()
            ? first.Flatten(background: [first.Format == Enums.BandFormat.Ushort ? ushort.MaxValue : byte.MaxValue])
            : first.Copy();
        var (width, height) = ReducedCopyPainting.CopySize(opaque.Width, opaque.Height, StylePixels);
        return ReducedCopyPainting.Copy(opaque, width, height);
    }

    private static void Show(Conversion conversion, RgbPlanes painting)
    {
        using var image = painting.ToPicture();
        conversion.Preview(image);
    }
}
