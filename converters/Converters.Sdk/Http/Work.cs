using ImageEditor.Converters.Images;
using ImageEditor.Converters.Settings;
using Microsoft.Extensions.Options;
using NetVips;

namespace ImageEditor.Converters.Http;

/// <summary>From the bytes of the input to the bytes of the result.</summary>
internal sealed class Work(Func<Conversion, Image> convert, IOptions<ConverterOptions> options)
{
    private readonly SizeLimits _limits = new(options.Value);

    /// <summary>Converts, on a thread of its own: decoding and encoding never yield theirs.</summary>
    public Task<Result> RunAsync(ParameterValues values, IReadOnlyDictionary<string, byte[]> images, Messages messages, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(
            () =>
            {
                try
                {
                    return Run(values, images, messages, cancellationToken);
                }
                finally
                {
                    messages.Complete();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

    private Result Run(ParameterValues values, IReadOnlyDictionary<string, byte[]> images, Messages messages, CancellationToken cancellationToken)
    {
        var format = ParameterSet.FormatOf(values);
        var reader = new PictureReader(_limits);
        var pictures = new Dictionary<string, Picture>();
        try
        {
            foreach (var (name, bytes) in images)
            {
                pictures.Add(name, reader.Read(bytes, name == InputImages.Main ? format : ImageFormat.Png, cancellationToken));
            }

            var conversion = new Conversion(values, pictures, images[InputImages.Main], messages, _limits, cancellationToken);
            using var image = convert(conversion);
            var source = pictures[InputImages.Main].Source;
            var resultFormat = format ?? (conversion.NeedsAlpha && source.Format == ImageFormat.Jpeg ? ImageFormat.Png : source.Format);
            var file = new PictureWriter(_limits, options.Value.MaxResultBytes).Write(image, resultFormat, source, cancellationToken);
            return new Result(file, resultFormat, conversion.ResultInfo);
        }
        catch (VipsException) when (!cancellationToken.IsCancellationRequested)
        {
            // Pixels are decoded while the result is encoded, and libvips's words do not tell reliably which of the two went wrong.
            foreach (var (name, bytes) in images)
            {
                if (PictureReader.FindDamage(bytes, name == InputImages.Main && (format?.HoldsFrames() ?? true), cancellationToken) is { } damage)
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
