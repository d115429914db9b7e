using ImageEditor.Converters.Pipeline;
using NetVips;

namespace ImageEditor.Converters.Gradients;

/// <summary>
/// Changes a picture of any size by painting on a copy of limited size. The change is enlarged and added to the picture, whose own detail
/// is kept. So time and memory of the painting do not depend on the picture's pixels.
/// </summary>
public static class ReducedCopyPainting
{
    /// <summary>Pixels of a copy: a network sees at least its stride of the other side, however short that is.</summary>
    private const int MaxSide = 2048;

    /// <summary>Repaints each frame. Alpha, profile, depth and all else is kept.</summary>
    /// <param name="conversion">Whose picture it is, 8 or 16 bits per channel, grey or RGB.</param>
    /// <param name="maxPixels">Of all copies together.</param>
    /// <param name="minPixelsPerFrame">Of each copy, however many frames there are.</param>
    /// <param name="paint">
    /// Makes another picture of the same size of the copy of a frame, whose number comes with the number of frames.
    /// </param>
    /// <exception cref="OperationCanceledException">The caller aborted the request, or the time limit is over.</exception>
    public static Image Apply(
        Conversion conversion, int maxPixels, int minPixelsPerFrame, Func<RgbPlanes, (int Frame, int Frames), RgbPlanes> paint)
    {
        using var image = conversion.Image.CopyMemory();
        var (height, frames) = (image.PageHeight, image.Height / image.PageHeight);
        var (copyWidth, copyHeight) = CopySize(image.Width, height, Math.Max(minPixelsPerFrame, maxPixels / frames));
        var results = new List<Image>();
        try
        {
            for (var frame = 0; frame < frames; frame++)
            {
                conversion.CancellationToken.ThrowIfCancellationRequested();
                using var original = image.Crop(0, frame * height, image.Width, height);
                results.Add(Repaint(original, copyWidth, copyHeight, planes => paint(planes, (frame, frames))));
            }

            using var joined = frames == 1 ? results[0].Copy() : Image.Arrayjoin([.. results], across: 1);
            return WithMetadata(joined, conversion.Image);
        }
        finally
        {
            results.ForEach(result => result.Dispose());
        }
    }

    /// <summary>The largest size of the same form within a number of pixels and a longest side, and within the picture's own.</summary>
    public static (int Width, int Height) CopySize(int width, int height, int pixels)
    {
        var scale = Math.Min(1, Math.Min(Math.Sqrt(pixels / ((double)width * height)), MaxSide / (double)Math.Max(width, height)));
        return (Math.Max(1, (int)(width * scale)), Math.Max(1, (int)(height * scale)));
    }

    /// <summary>The colours of a picture from 0 to 1, in another size.</summary>
    public static RgbPlanes Copy(Image image, int width, int height)
    {
        using var colours = image.HasAlpha() ? image.ExtractBand(0, n: image.Bands - 1) : image.Copy();
        using var floats = colours.Cast(Enums.BandFormat.Float);
        using var scaled = floats * (1 / Maximum(image));
        using var resized = RgbPlanes.Resize(scaled, width, height);
        var planes = RgbPlanes.Of(resized);
        planes.Clamp();
        return planes;
    }

    private static Image Repaint(Image original, int width, int height, Func<RgbPlanes, RgbPlanes> paint)
    {
        var copy = Copy(original, width, height);
        var change = paint(copy);
        change.Add(copy, -1);

        var (bands, hasAlpha) = (original.Bands, original.HasAlpha());
        using var coloured = change.ToImage();
        using var fitting = bands < 3 ? coloured.Bandmean() : coloured.Copy();
        using var large = RgbPlanes.Resize(fitting, original.Width, original.Height);
        using var scaled = large * Maximum(original);
        using var colours = hasAlpha ? original.ExtractBand(0, n: bands - 1) : original.Copy();
        using var sum = colours + scaled;
        using var rounded = sum.Rint();
        using var cast = rounded.Cast(original.Format);
        using var result = cast.Copy(interpretation: original.Interpretation);
        if (!hasAlpha)
        {
            return result.Copy();
        }

        using var alpha = original.ExtractBand(bands - 1);
        return result.Bandjoin(alpha);
    }

    private static double Maximum(Image image) => image.Format == Enums.BandFormat.Ushort ? ushort.MaxValue : byte.MaxValue;

    /// <summary>Copies the profile, the delays and all other metadata of the input.</summary>
    private static Image WithMetadata(Image result, Image input)
    {
        using var coloured = result.Copy(interpretation: input.Interpretation);
        return coloured.Mutate(mutable =>
        {
            foreach (var field in input.GetFields().Where(field => result.GetTypeOf(field) == 0))
            {
                mutable.Set(input.GetTypeOf(field), field, input.Get(field));
            }
        });
    }
}
