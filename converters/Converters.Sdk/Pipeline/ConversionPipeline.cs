using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Images;
using ImageEditor.Converters.Settings;
using Microsoft.Extensions.Options;
using NetVips;

namespace ImageEditor.Converters.Pipeline;

/// <summary>Makes the bytes of a result of the bytes of an input: decodes, converts and encodes.</summary>
internal sealed class ConversionPipeline(Func<Conversion, Image> convert, IOptions<ConverterOptions> options)
{
    private readonly SizeLimits _limits = new(options.Value);

    /// <summary>Converts on a thread of its own: decoding and encoding never yield theirs.</summary>
    public Task<ConversionResult> RunAsync(
        ParameterValues values,
        IReadOnlyDictionary<string, byte[]> images,
        ProgressChannel progress,
        CancellationToken cancellationToken) =>
        Task.Factory.StartNew(
            () =>
            {
                try
                {
                    return Run(values, images, progress, cancellationToken);
                }
                finally
                {
                    progress.Complete();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

    /// <summary>PNG; frames as WebP; pages, and frames of more than 8 bits, as TIFF.</summary>
    private static ImageFormat LosslessFormatOf(Image image, SourceFile source) =>
        image.PageHeight == image.Height ? ImageFormat.Png
        : source.Format == ImageFormat.Tiff || image.Format == Enums.BandFormat.Ushort ? ImageFormat.Tiff
        : ImageFormat.Webp;

    private ConversionResult Run(
        ParameterValues values, IReadOnlyDictionary<string, byte[]> images, ProgressChannel progress, CancellationToken cancellationToken)
    {
        var asked = ParameterSet.GetFormat(values);

        // What the result will be in the end; null where that follows from the picture.
        var format = values.IsLossless ? null : asked ?? values.Original?.Format;
        var reader = new PictureReader(_limits);
        var pictures = new Dictionary<string, Picture>();
        try
        {
            foreach (var (name, bytes) in images)
            {
                pictures.Add(name, reader.Read(bytes, name == Conversion.InputName ? format : ImageFormat.Png, cancellationToken));
            }

            var writer = new PictureWriter(_limits, values.IsLossless ? options.Value.MaxStepBytes : options.Value.MaxResultBytes);
            var read = pictures[Conversion.InputName].Source;
            var source = values.Original?.ApplyTo(read) ?? read;
            var conversion = new Conversion(
                values, pictures, source, progress, _limits, writer, options.Value.TimeLimit, cancellationToken);
            using var image = convert(conversion);
            if (conversion.Result is { } made)
            {
                return new ConversionResult(made.File, made.EncodedAs, conversion.ResultInfo);
            }

            var original = conversion.NeedsAlpha && source.Format == ImageFormat.Jpeg ? source with { Format = ImageFormat.Png } : source;
            var resultFormat = values.IsLossless ? LosslessFormatOf(image, source) : asked ?? original.Format;
            var settings = new EncoderSettings(ParameterSet.GetQuality(values), IsLossless: values.IsLossless);
            var file = writer.Write(image, resultFormat, source, settings, cancellationToken);
            return new ConversionResult(
                file, resultFormat, conversion.ResultInfo, values.IsLossless ? OriginalFile.Of(original) : null);
        }
        catch (VipsException) when (!cancellationToken.IsCancellationRequested)
        {
            // Pixels are decoded while the result is encoded. libvips's messages do not say reliably which of the two failed.
            foreach (var (name, bytes) in images)
            {
                var allFrames = name == Conversion.InputName && (format?.SupportsFrames() ?? true);
                if (PictureReader.FindDamage(bytes, allFrames, cancellationToken) is { } damage)
                {
                    throw damage;
                }
            }

            throw;
        }
        catch (VipsException)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            foreach (var picture in pictures.Values)
            {
                picture.Dispose();
            }
        }
    }
}
