using ImageEditor.ServiceDefaults.Problems;
using NetVips;

namespace ImageEditor.Converters.Images;

/// <summary>
/// Encodes results: ICC profile, depth, alpha and frames are kept as far as the format can; other metadata is left out, and so are colours
/// that nobody sees.
/// </summary>
internal sealed class PictureWriter(SizeLimits limits, int maxBytes)
{
    private const int JpegQuality = 90;
    private const int WebpQuality = 85;
    private const int AvifQuality = 65;

    /// <summary>Measured on photographs: as small as with all filters within 5 %, in a third of the time.</summary>
    private const Enums.ForeignPngFilter PngFilter = Enums.ForeignPngFilter.Up;
    private const int PngCompression = 4;

    /// <summary>Between two steps: what is read again at once need not be small.</summary>
    private const int StepPngCompression = 1;

    /// <summary>With all filters: for a small file, at the price of time.</summary>
    private const int SmallPngCompression = 7;

    /// <summary>Measured at 9 megapixels: 3 % larger than the default of 4, in 40 % of the time.</summary>
    private const int WebpEffort = 2;

    /// <summary>Measured at 9 megapixels: 10 % larger than the default of 4 and 40 % of the time, which is long as it is (3.5 s).</summary>
    private const int LosslessWebpEffort = 0;

    /// <summary>
    /// Measured at 9 megapixels: 20 % larger than the default of 4, in 6 % of the time (0.7 s). An encoder's run cannot be interrupted.
    /// </summary>
    private const int AvifEffort = 1;

    /// <summary>Measured on 300 frames of a photograph: 2 % further from them than the default of 7 is, in 60 to 80 % of the time.</summary>
    private const int GifEffort = 5;

    private const double White = 255;

    /// <summary>Computes and encodes a result.</summary>
    /// <param name="result">8 or 16 bits per channel, grey or RGB.</param>
    /// <param name="format">What to save it as.</param>
    /// <param name="source">The file that it was made from.</param>
    /// <param name="settings">How.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The file, from its first byte.</returns>
    /// <exception cref="ProblemException">413, 422: the result is past a limit.</exception>
    /// <exception cref="VipsException">A pixel of the input could not be decoded, or the result not encoded.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public MemoryStream Write(
        Image result, ImageFormat format, SourceFile source, EncoderSettings settings, CancellationToken cancellationToken)
    {
        limits.CheckResult(result);
        using var framed = format.SupportsFrames() ? result.Copy() : Frames.First(result);
        using var coloured = Colours.IsGrey(framed) && !format.SupportsGreyProfile() ? Colours.ToSrgb(framed) : framed.Copy();
        using var image = format == ImageFormat.Jpeg
            ? coloured.Copy()
            : Transparency.WithSpreadColours(coloured, BitsIn(format, source));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var file = new BoundedStream(Math.Min(source.Bytes, maxBytes), maxBytes, stop);
        try
        {
            image.SetProgress(IgnoredProgress.Instance, stop.Token);
            Save(image, file, format, source, settings);
        }
        catch (VipsException) when (stop.IsCancellationRequested)
        {
        }

        cancellationToken.ThrowIfCancellationRequested();
        return file.IsFull && settings.IsLossless
            ? throw ProblemTypes.TooManyPixels.Refuse(
                $"The result of this step would have more than {maxBytes / 1_000_000} MB without loss, the most that fits between two. "
                + "Start from a smaller picture, or make it smaller in an earlier step.")
            : file.IsFull
            ? throw ProblemTypes.TooLarge.Refuse(
                $"The result would have more than {maxBytes >> 20} MB. Send a smaller picture, "
                + "or ask for a smaller file with format=jpeg, webp or avif.")
            : file;
    }

    private static void Save(Image image, Stream file, ImageFormat format, SourceFile source, EncoderSettings settings)
    {
        const Enums.ForeignKeep keep = Enums.ForeignKeep.Icc;
        var (quality, isForSize) = (settings.Quality, settings.IsForSize);
        var isDeep = image.Format == Enums.BandFormat.Ushort;
        switch (format)
        {
            case ImageFormat.Jpeg:
                using (var opaque = Opaque(image))
                {
                    opaque.JpegsaveStream(
                        file,
                        q: quality ?? JpegQuality,
                        optimizeCoding: isForSize,
                        subsampleMode: source.HasFullChroma && !isForSize ? Enums.ForeignSubsample.Off : Enums.ForeignSubsample.On,
                        keep: keep);
                }

                break;
            case ImageFormat.Png:
                image.PngsaveStream(
                    file,
                    compression: isForSize ? SmallPngCompression : settings.IsLossless ? StepPngCompression : PngCompression,
                    filter: isForSize ? Enums.ForeignPngFilter.All : PngFilter,
                    palette: false,
                    bitdepth: isDeep ? 16 : 8,
                    keep: keep);
                break;
            case ImageFormat.Webp when settings.IsLossless || (source.IsLossless && source.Format == ImageFormat.Webp && !isForSize):
                image.WebpsaveStream(file, lossless: true, exact: true, effort: LosslessWebpEffort, keep: keep);
                break;
            case ImageFormat.Webp:
                image.WebpsaveStream(file, q: quality ?? WebpQuality, effort: WebpEffort, keep: keep);
                break;
            case ImageFormat.Gif:
                // No dithering, and no palette or frame replaces a similar one: up to 255 colours stay exact.
                image.GifsaveStream(file, dither: 0, effort: GifEffort, interpaletteMaxerror: 0, keepDuplicateFrames: true, keep: keep);
                break;
            case ImageFormat.Avif:
                image.HeifsaveStream(
                    file,
                    q: quality ?? AvifQuality,
                    effort: AvifEffort,
                    bitdepth: !isDeep ? 8 : BitsIn(format, source),
                    compression: Enums.ForeignHeifCompression.Av1,
                    keep: keep);
                break;
            default:
                image.TiffsaveStream(
                    file, compression: Enums.ForeignTiffCompression.Deflate, predictor: Enums.ForeignTiffPredictor.Horizontal, keep: keep);
                break;
        }
    }

    /// <summary>Bits per channel that a result of 16 has in the file.</summary>
    private static int BitsIn(ImageFormat format, SourceFile source) => format switch
    {
        ImageFormat.Png or ImageFormat.Tiff => 16,
        ImageFormat.Avif => source.BitsPerSample == 10 ? 10 : 12,
        _ => 8,
    };

    /// <summary>8 bits per channel, on white.</summary>
    private static Image Opaque(Image image)
    {
        using var shallow = Colours.ToEightBits(image);
        return shallow.HasAlpha() ? shallow.Flatten(background: [White]) : shallow.Copy();
    }
}
