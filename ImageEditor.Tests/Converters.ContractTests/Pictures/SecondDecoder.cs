using System.Runtime.InteropServices;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Tiff;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace ImageEditor.Converters.ContractTests.Pictures;

/// <summary>ImageSharp, which shares no code with the libvips of the converters: a file holds what both find in it.</summary>
internal static class SecondDecoder
{
    /// <summary>What a value may differ by between two decoders of a JPEG, of 255: their inverse transforms round.</summary>
    private const int Rounding = 4;

    /// <summary>The same on average.</summary>
    private const double MeanRounding = 0.5;

    /// <summary>
    /// What luma may differ by on average where chroma is coarser (4:2:0): what is out of range is clipped after both are added.
    /// </summary>
    private const double MeanLuma = 1;

    /// <summary>What colours may differ by on average there: each decoder has its own way to enlarge chroma.</summary>
    private const double MeanColour = 6;

    /// <summary>All files that are not compared, and why.</summary>
    private static readonly (string Reason, Func<byte[], Pixels, bool> Holds)[] Exceptions =
    [
        ("it has no decoder for AVIF", (file, _) => Has(file, 4, "ftyp")),
        ("it does not read WebP animations", (file, _) => Has(file, 12, "VP8X") && (file[20] & 2) != 0),
        ("it does not read a TIFF of grey and alpha", (file, first) => Has(file, 0, "II") && first.IsGrey && first.HasAlpha),
        ("it makes RGB of CMYK, where libvips gives what is stored", (file, _) => IsCmykJpeg(file)),
    ];

    /// <summary>Why a file is not compared; null where it is.</summary>
    public static string? ReasonToLeaveOut(byte[] file, Pixels first) =>
        Exceptions.FirstOrDefault(exception => exception.Holds(file, first)).Reason;

    /// <summary>Decodes a file again and asserts that it is the same picture: exactly, or nearly for a JPEG.</summary>
    /// <param name="file">The file.</param>
    /// <param name="first">What libvips made of it.</param>
    /// <returns>The picture as decoded here; as libvips did where it cannot be.</returns>
    public static Pixels Agreed(byte[] file, Pixels first)
    {
        if (ReasonToLeaveOut(file, first) is not null)
        {
            return first;
        }

        var header = Image.Identify(file, out var format);
        var second = format is TiffFormat || (format is PngFormat && header.Metadata.GetPngMetadata().BitDepth == PngBitDepth.Bit16)
            ? Decode<Rgba64>(file, first)
            : Decode<Rgba32>(file, first);
        if (format is PngFormat)
        {
            var type = header.Metadata.GetPngMetadata().ColorType;
            second = second with
            {
                IsGrey = type is PngColorType.Grayscale or PngColorType.GrayscaleWithAlpha,
                HasAlpha = type is PngColorType.GrayscaleWithAlpha or PngColorType.RgbWithAlpha,
            };
        }

        if (format is JpegFormat)
        {
            second = second with { IsGrey = TypeOf(header) == JpegColorType.Luminance };
            MustBeNear(first, second, TypeOf(header) is JpegColorType.Luminance or JpegColorType.YCbCrRatio444 or JpegColorType.Rgb);
        }
        else
        {
            MustBeEqual(first, second);
        }

        return second;
    }

    public static void MustBeEqual(Pixels first, Pixels second)
    {
        MustHaveTheSameForm(first, second);
        var common = first.Values.AsSpan().CommonPrefixLength(second.Values);
        Assert.True(common == first.Values.Length, $"The decoders differ at {Position(first, common)}.");
    }

    public static void MustBeNear(Pixels first, Pixels second, bool hasFullChroma)
    {
        MustHaveTheSameForm(first, second);
        var (one, other) = (first.Values, second.Values);
        var (colour, luma) = (0L, 0.0);
        for (var i = 0; i < one.Length; i += Pixels.Channels)
        {
            var (red, green, blue) = (one[i] - other[i], one[i + 1] - other[i + 1], one[i + 2] - other[i + 2]);
            colour += Math.Abs(red) + Math.Abs(green) + Math.Abs(blue);

            // The weights of ITU-R BT.601, as in JFIF.
            luma += Math.Abs(0.299 * red + 0.587 * green + 0.114 * blue);
            if (hasFullChroma && Math.Max(Math.Abs(red), Math.Max(Math.Abs(green), Math.Abs(blue))) > Rounding)
            {
                Assert.Fail($"The decoders differ by ({red}, {green}, {blue}) at {Position(first, i)}.");
            }
        }

        var pixels = one.Length / Pixels.Channels;
        Assert.InRange(luma / pixels, 0, hasFullChroma ? MeanRounding : MeanLuma);
        Assert.InRange(colour / 3.0 / pixels, 0, hasFullChroma ? MeanRounding : MeanColour);
    }

    private static bool IsCmykJpeg(byte[] file) => Has(file, 0, "\u00FF\u00D8") && TypeOf(Image.Identify(file)) == JpegColorType.Cmyk;

    private static void MustHaveTheSameForm(Pixels first, Pixels second) => Assert.Equal(
        (first.Width, first.Height, first.Frames, first.Maximum, first.IsGrey, first.HasAlpha),
        (second.Width, second.Height, second.Frames, second.Maximum, second.IsGrey, second.HasAlpha));

    private static string Position(Pixels picture, int i) =>
        $"({i / Pixels.Channels % picture.Width}, {i / Pixels.Channels / picture.Width}) channel {i % Pixels.Channels}";

    /// <summary>Decodes all frames, upright. Whether there is colour or alpha is taken over: not every header says it.</summary>
    private static Pixels Decode<TPixel>(byte[] file, Pixels first)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        using var image = Image.Load<TPixel>(file);
        var root = image.Frames.RootFrame.Metadata;

        // It reads the tags of a TIFF page by page, and turns by those of the file.
        image.Metadata.ExifProfile ??= root.ExifProfile;
        image.Mutate(processing => processing.AutoOrient());
        var pixels = new TPixel[image.Width * image.Height * image.Frames.Count];
        var frame = pixels.Length / image.Frames.Count;
        for (var i = 0; i < image.Frames.Count; i++)
        {
            image.Frames[i].CopyPixelDataTo(pixels.AsSpan(i * frame, frame));
        }

        var isShallowTiff = Has(file, 0, "II") && root.GetTiffMetadata().BitsPerSample?.Channel0 == 8;
        var values = typeof(TPixel) == typeof(Rgba64)
            ? MemoryMarshal.Cast<TPixel, ushort>(pixels).ToArray()
            : Widened(MemoryMarshal.AsBytes<TPixel>(pixels));
        if (isShallowTiff)
        {
            // 8 bits in 16: each byte twice.
            values = Array.ConvertAll(values, value => (ushort)(value & byte.MaxValue));
        }

        var maximum = typeof(TPixel) == typeof(Rgba64) && !isShallowTiff ? ushort.MaxValue : byte.MaxValue;
        return new Pixels(
            image.Width, image.Height * image.Frames.Count, image.Frames.Count, maximum, first.IsGrey, first.HasAlpha, values);
    }

    private static ushort[] Widened(ReadOnlySpan<byte> bytes)
    {
        var values = new ushort[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            values[i] = bytes[i];
        }

        return values;
    }

    private static JpegColorType? TypeOf(IImageInfo header) => header.Metadata.GetJpegMetadata().ColorType;

    /// <param name="file">A file.</param>
    /// <param name="at">Bytes from its start.</param>
    /// <param name="text">Bytes, each a letter of Latin-1.</param>
    private static bool Has(byte[] file, int at, string text) =>
        file.Length >= at + text.Length && text.Index().All(letter => file[at + letter.Index] == letter.Item);
}
