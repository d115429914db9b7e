using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Images;
using ImageEditor.Converters.Pipeline;
using ImageEditor.ServiceDefaults.Problems;
using NetVips;

namespace ImageEditor.Converters.Export.Sizes;

/// <summary>The converter <c>compress</c>.</summary>
internal static class Compress
{
    private const int BytesPerKilobyte = 1000;

    /// <summary>
    /// Bytes of one channel: 50 megapixels of 8 bits, or 25 of 16, for which AVIF's encoder takes 1.2 GB. Who asks for an AVIF gets one of any
    /// size.
    /// </summary>
    private const long MostAvifBytes = 50_000_000;

    private static readonly OptionalNumberParameter Size = new(
        "size", "Size", "How large the file may be: the best quality that fits is looked for.", minimum: 1, maximum: 60_000)
    {
        Unit = "kB",
    };

    private static readonly BooleanParameter Best = new(
        "best", "Best format", "Tries the formats that can hold the picture, and takes the one with the smallest file.");

    public static readonly ServedConverter Converter = new(
        new ConverterDescriptor("compress", "Compress", "Makes the file small: to a size, or to a quality.")
        {
            Category = ConverterCategory.File,
            Version = 1,
            Lossless = false,
            Parameters = [Size, Best],
        },
        Apply);

    private static Image Apply(Conversion conversion)
    {
        var isBest = conversion.Get(Best);
        if (isBest && conversion.HasAskedForFormat)
        {
            throw ProblemTypes.InvalidParameters.Refuse(
                $"The format {conversion.Format} was asked for, and the best one. Leave out format, or best.");
        }

        // Read as often as it is encoded; with the 8 bits that the formats hold, in half the memory.
        var formats = isBest ? FormatsFor(conversion.Image) : [conversion.Format];
        using var kept = formats.All(format => format is "jpeg" or "webp") ? Colours.ToEightBits(conversion.Image) : conversion.Image.Copy();
        using var memory = kept.CopyMemory();
        var target = conversion.Get(Size) is { } size ? (long)(size * BytesPerKilobyte) : (long?)null;
        var encodings = new Encodings(conversion, memory);
        var made = encodings.Find(formats, target);
        conversion.Result = made.Picture;
        Describe(conversion, made, encodings, target);
        return conversion.Image.Copy();
    }

    /// <summary>Formats with a quality that hold what the picture has, in the order in which they are tried.</summary>
    private static string[] FormatsFor(Image image)
    {
        string[] formats = image.PageHeight < image.Height ? ["webp"] : image.HasAlpha() ? ["webp", "avif"] : ["jpeg", "webp", "avif"];
        var samples = (image.Format == Enums.BandFormat.Ushort ? 2L : 1L) * image.Width * image.Height;
        return samples > MostAvifBytes ? [.. formats.Where(format => format != "avif")] : formats;
    }

    private static void Describe(Conversion conversion, Encoding made, Encodings encodings, long? target)
    {
        var info = conversion.ResultInfo;
        info["format"] = made.Picture.Format;
        info["bytes"] = made.Picture.Length;
        if (made.Quality is { } quality)
        {
            info["quality"] = quality;
        }

        info["encodings"] = encodings.Count;
        if (target is { } bytes)
        {
            info["target"] = bytes;
            if (made.Picture.Length > bytes)
            {
                info["notice"] = $"The file has {Kilobytes(made.Picture.Length)} kB instead of {Kilobytes(bytes)} kB. "
                    + (made.Quality is null
                        ? $"A {made.Picture.Format.ToUpperInvariant()} keeps every pixel: choose JPEG, WebP or AVIF, or the best format."
                        : encodings.HasRunOutOfTime
                        ? "There was no time to look for a smaller one: make the picture smaller first."
                        : "It is the smallest that was found: make the picture smaller first, or choose another format.");
            }
        }
    }

    private static long Kilobytes(long bytes) => (bytes + BytesPerKilobyte - 1) / BytesPerKilobyte;
}
