using System.Globalization;
using ImageEditor.Converters.Settings;
using ImageEditor.ServiceDefaults.Problems;
using NetVips;

namespace ImageEditor.Converters.Images;

/// <summary>How large a picture may be. libvips opens lazily, so a check before the first computation decodes no pixel.</summary>
internal sealed class SizeLimits(ConverterOptions options)
{
    /// <param name="image">A picture, or its first frame.</param>
    /// <param name="frames">How many frames of this size there are.</param>
    /// <exception cref="ProblemException">422: past a limit.</exception>
    public void CheckInput(Image image, int frames) => Check(image.Width, image.PageHeight, frames, "The picture has", "Send");

    /// <inheritdoc cref="CheckInput"/>
    public void CheckResult(Image image) => CheckResult(image.Width, image.PageHeight, image.Height / image.PageHeight);

    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels, of one frame.</param>
    /// <param name="frames">How many frames there are.</param>
    /// <exception cref="ProblemException">422: past a limit.</exception>
    public void CheckResult(int width, int height, int frames) => Check(width, height, frames, "The result would have", "Start from");

    private void Check(int width, int height, int frames, string has, string send)
    {
        var pixels = (long)width * height * frames;
        if (frames > options.MaxFrames)
        {
            throw ProblemTypes.TooManyFrames.Refuse(string.Create(
                CultureInfo.InvariantCulture,
                $"{has} {frames:N0} frames or pages; at most {options.MaxFrames:N0} are taken. {send} fewer of them."));
        }

        if (Math.Max(width, height) > options.MaxSide)
        {
            throw ProblemTypes.SideTooLong.Refuse(string.Create(
                CultureInfo.InvariantCulture,
                $"{has} {width:N0} × {height:N0} pixels; a side may have at most {options.MaxSide:N0}. {send} a cropped or smaller one."));
        }

        if (pixels > options.MaxPixels)
        {
            throw ProblemTypes.TooManyPixels.Refuse(string.Create(
                CultureInfo.InvariantCulture,
                $"{has} {pixels:N0} pixels in {frames:N0} frame(s); at most {options.MaxPixels:N0} are taken, all frames together. "
                + $"{send} a smaller one."));
        }
    }
}
