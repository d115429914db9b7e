using ImageEditor.ServiceDefaults.Problems;
using NetVips;

namespace ImageEditor.Converters.Images;

/// <summary>Opens untrusted bytes as pictures that are safe to compute with.</summary>
internal sealed class PictureReader(SizeLimits limits)
{
    private const int AllFrames = -1;

    /// <summary>Opens a picture without decoding it, apart from what must be turned upright.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="resultFormat">
    /// What the result will be saved as, null for the same format; frames that it cannot hold are not read.
    /// </param>
    /// <param name="cancellationToken">Ends the turning.</param>
    /// <exception cref="ProblemException">415 or 422: not a picture that is read, past a limit, or damaged.</exception>
    public Picture Read(byte[] bytes, ImageFormat? resultFormat, CancellationToken cancellationToken)
    {
        var format = MagicBytes.Identify(bytes);
        try
        {
            using var opened = OpenWithinLimits(bytes, format, (resultFormat ?? format).SupportsFrames());
            opened.SetProgress(IgnoredProgress.Instance, cancellationToken);
            using var samples = WithReadableSamples(opened, format);
            using var fitting = Colours.WithoutForeignProfile(samples);
            using var coloured = fitting.Interpretation == Enums.Interpretation.Cmyk ? Colours.ToSrgb(fitting) : fitting.Copy();
            return new Picture(Frames.Upright(coloured), Describe(opened, bytes, format));
        }
        catch (VipsException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw NotDecodable(format, exception);
        }
    }

    /// <summary>
    /// Whether every pixel of the input can be decoded: distinguishes damaged input from a result that cannot be encoded.
    /// </summary>
    public static ProblemException? FindDamage(byte[] bytes, bool allFrames, CancellationToken cancellationToken)
    {
        var format = MagicBytes.Identify(bytes);
        try
        {
            using var image = Open(bytes, format, allFrames && format.SupportsFrames() ? AllFrames : 1);
            image.SetProgress(IgnoredProgress.Instance, cancellationToken);
            image.Avg();
            return null;
        }
        catch (VipsException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return NotDecodable(format, exception);
        }
    }

    private Image OpenWithinLimits(byte[] bytes, ImageFormat format, bool allFrames)
    {
        var first = Open(bytes, format, pages: 1);
        try
        {
            var frames = Frames.CountInFile(first);
            limits.CheckInput(first, frames);
            if (frames == 1 || !allFrames || !format.SupportsFrames())
            {
                return first;
            }
        }
        catch
        {
            first.Dispose();
            throw;
        }

        first.Dispose();
        return Open(bytes, format, AllFrames);
    }

    /// <summary>
    /// Opens with the loader of this format only. The picture is decoded from top to bottom while the result is computed.
    /// </summary>
    private static Image Open(byte[] bytes, ImageFormat format, int pages)
    {
        const Enums.Access access = Enums.Access.Sequential;
        const Enums.FailOn failOn = Enums.FailOn.Error;
        return format switch
        {
            ImageFormat.Jpeg => Image.JpegloadBuffer(bytes, access: access, failOn: failOn),
            ImageFormat.Png => Image.PngloadBuffer(bytes, access: access, failOn: failOn),
            ImageFormat.Webp => Image.WebploadBuffer(bytes, n: pages, access: access, failOn: failOn),
            ImageFormat.Gif => Image.GifloadBuffer(bytes, n: pages, access: access, failOn: failOn),
            ImageFormat.Avif => Image.HeifloadBuffer(bytes, access: access, failOn: failOn),
            _ => Image.TiffloadBuffer(bytes, n: pages, access: access, failOn: failOn),
        };
    }

    private static Image WithReadableSamples(Image image, ImageFormat format)
    {
        // TIFF holds these, too.
        if (image.Interpretation is Enums.Interpretation.Lab or Enums.Interpretation.Labs or Enums.Interpretation.Scrgb)
        {
            return image.Colourspace(Enums.Interpretation.Rgb16);
        }

        var isReadable = image.Interpretation switch
        {
            Enums.Interpretation.Bw or Enums.Interpretation.Srgb => image.Format == Enums.BandFormat.Uchar,
            Enums.Interpretation.Grey16 or Enums.Interpretation.Rgb16 => image.Format == Enums.BandFormat.Ushort,
            Enums.Interpretation.Cmyk => image.Format is Enums.BandFormat.Uchar or Enums.BandFormat.Ushort,
            _ => false,
        };
        return isReadable && image.Bands <= 5
            ? image.Copy()
            : throw ProblemTypes.NotDecodable.Refuse(
                $"The {format.DisplayName()} file has {image.Bands} channels of type {image.Format}; "
                + "grey, RGB and CMYK of 8 or 16 bits are read. Export it as one of these.");
    }

    private static SourceFile Describe(Image image, byte[] bytes, ImageFormat format) => new(
        format,
        bytes.Length,
        format is ImageFormat.Png or ImageFormat.Gif or ImageFormat.Tiff
            || (format == ImageFormat.Webp && MagicBytes.IsLosslessWebp(bytes)),
        format != ImageFormat.Jpeg || (image.Contains("jpeg-chroma-subsample") && image.Get("jpeg-chroma-subsample") is "4:4:4"),
        image.Contains("bits-per-sample") ? (int)image.Get("bits-per-sample") : image.Format == Enums.BandFormat.Ushort ? 16 : 8);

    private static ProblemException NotDecodable(ImageFormat format, VipsException exception)
    {
        var flaw = exception.Message.Contains("not all the same size", StringComparison.Ordinal)
            ? "has pages of different sizes, which cannot be converted together. Send each page as a file of its own."
            : "ends too early or is damaged: it could not be decoded to its last pixel. Export the picture again and send the new file.";
        return ProblemTypes.NotDecodable.Refuse($"The {format.DisplayName()} file {flaw}");
    }
}
