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

    private ConversionResult Run(
        ParameterValues values, IReadOnlyDictionary<string, byte[]> images, ProgressChannel progress, CancellationToken cancellationToken)
    {
        var format = ParameterSet.GetFormat(values);
        var reader = new PictureReader(_limits);
        var pictures = new Dictionary<string, Picture>();
        try
        {
            foreach (var (name, bytes) in images)
            {
                pictures.Add(name, reader.Read(bytes, name == Conversion.InputName ? format : ImageFormat.Png, cancellationToken));
            }

            var writer = new PictureWriter(_limits, options.Value.MaxResultBytes);
            var conversion = new Conversion(
                values, pictures, progress, _limits, writer, options.Value.TimeLimit, cancellationToken);
            using var image = convert(conversion);
            if (conversion.Result is { } made)
            {
                return new ConversionResult(made.File, made.EncodedAs, conversion.ResultInfo);
            }

            var source = pictures[Conversion.InputName].Source;
            var resultFormat = format ?? (conversion.NeedsAlpha && source.Format == ImageFormat.Jpeg ? ImageFormat.Png : source.Format);
            var settings = new EncoderSettings(ParameterSet.GetQuality(values));
            var file = writer.Write(image, resultFormat, source, settings, cancellationToken);
            return new ConversionResult(file, resultFormat, conversion.ResultInfo);
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
