using ImageEditor.Converters.Images.Containers;
using ImageEditor.ServiceDefaults.Pictures;
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
        var file = FilePreparation.Prepare(bytes, format);
        try
        {
            using var opened = OpenWithinLimits(file, format, (resultFormat ?? format).SupportsFrames());
            opened.SetProgress(IgnoredProgress.Instance, cancellationToken);
            IccProfile.EnsureUsualSize(Colours.ProfileOf(opened)?.Length ?? 0, format.DisplayName());
            using var picture = WithRightChannels(opened, file);
            using var samples = WithReadableSamples(picture, format);
            using var described = WithWhatTheContainerSays(samples, file);
            using var fitting = Colours.WithoutForeignProfile(described);
            using var coloured = fitting.Interpretation == Enums.Interpretation.Cmyk ? Colours.ToSrgb(fitting) : fitting.Copy();
            using var upright = Frames.Upright(coloured);
            return new Picture(Transparency.WithoutHiddenColours(upright), Describe(opened, bytes, format), file);
        }
        catch (VipsException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw DecoderMessages.Explain(format, exception);
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
            using var image = Open(FilePreparation.Prepare(bytes, format), format, allFrames && format.SupportsFrames() ? AllFrames : 1);
            image.SetProgress(IgnoredProgress.Instance, cancellationToken);
            image.Avg();
            return null;
        }
        catch (VipsException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return DecoderMessages.Explain(format, exception);
        }
    }

    private Image OpenWithinLimits(PreparedFile file, ImageFormat format, bool allFrames)
    {
        if (allFrames && file.DifferenceOfPages is { } difference)
        {
            throw UnreadKinds.Refuse(format.DisplayName(), difference);
        }

        var first = Open(file, format, pages: 1);
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
        return Open(file, format, AllFrames);
    }

    /// <summary>
    /// Opens with the loader of this format only. The picture is decoded from top to bottom while the result is computed.
    /// </summary>
    private static Image Open(PreparedFile file, ImageFormat format, int pages)
    {
        const Enums.Access access = Enums.Access.Sequential;
        var bytes = file.Bytes;
        var failOn = file.IsJudgedStrictly ? Enums.FailOn.Warning : Enums.FailOn.Error;
        return format switch
        {
            // Its only limit is one of a hundred warnings, which stray bytes before restart markers soon reach.
            ImageFormat.Jpeg => Image.JpegloadBuffer(bytes, unlimited: true, access: access, failOn: failOn),
            ImageFormat.Png => Image.PngloadBuffer(bytes, access: access, failOn: failOn),
            ImageFormat.Webp => Image.WebploadBuffer(bytes, n: pages, access: access, failOn: failOn),
            ImageFormat.Gif => Image.GifloadBuffer(bytes, n: pages, access: access, failOn: failOn),
            ImageFormat.Avif => Image.HeifloadBuffer(bytes, access: access, failOn: failOn),
            _ => Image.TiffloadBuffer(bytes, n: pages, access: access, failOn: failOn),
        };
    }

    /// <summary>Without channels of a TIFF that are neither colour nor alpha; libvips takes each for alpha.</summary>
    private static Image WithRightChannels(Image image, PreparedFile file)
    {
        if (file.ExtraChannels is not { Count: > 0 } extra || file.IsPlain || image.Bands <= extra.Count)
        {
            return image.Copy();
        }

        var colours = image.Bands - extra.Count;
        var alpha = extra.Index().FirstOrDefault(channel => channel.Item is 1 or 2, (Index: -1, Item: 0)).Index;
        using var coloured = image.ExtractBand(0, n: colours);
        if (alpha < 0)
        {
            return coloured.Copy();
        }

        using var opacity = image.ExtractBand(colours + alpha);
        return coloured.Bandjoin(opacity);
    }

    /// <summary>With the profile and the orientation that libvips does not find, and colours as they were before alpha.</summary>
    private static Image WithWhatTheContainerSays(Image image, PreparedFile file)
    {
        using var noted = image.Mutate(mutable =>
        {
            if (file.Profile is { } profile)
            {
                mutable.Set(GValue.BlobType, Colours.ProfileField, profile);
            }

            if (file.Orientation is { } orientation)
            {
                mutable.Set(GValue.GIntType, "orientation", orientation);
            }
        });
        if (!file.IsPremultiplied || !noted.HasAlpha())
        {
            return noted.Copy();
        }

        using var divided = noted.Unpremultiply(maxAlpha: noted.Format == Enums.BandFormat.Ushort ? ushort.MaxValue : byte.MaxValue);
        using var rounded = divided.Rint();
        return rounded.Cast(noted.Format);
    }

    private static Image WithReadableSamples(Image image, ImageFormat format)
    {
        // TIFF holds these, too.
        if (image.Interpretation is Enums.Interpretation.Lab or Enums.Interpretation.Labs or Enums.Interpretation.Scrgb)
        {
            return image.Colourspace(Enums.Interpretation.Rgb16);
        }

        if (image.Interpretation is Enums.Interpretation.Multiband or Enums.Interpretation.Xyz)
        {
            throw UnreadKinds.Refuse(format.DisplayName(), UnreadKinds.OfLayout);
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
        image.Contains("bits-per-sample") ? (int)image.Get("bits-per-sample") : image.Format == Enums.BandFormat.Ushort ? 16 : 8,
        image.Interpretation == Enums.Interpretation.Cmyk);
}
