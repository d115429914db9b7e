using System.Text;
using NetVips;

namespace ImageEditor.Converters.ContractTests.Pictures;

/// <summary>Pictures that the shared photos lack, made with libvips.</summary>
internal static class GeneratedImages
{
    /// <summary>Stands in every piece of metadata of <see cref="WithMetadata"/>.</summary>
    public const string Secret = "SECRET-PLACE-47.3769N";

    /// <summary>Formats by the name of their suffix.</summary>
    public static readonly string[] Formats = ["jpg", "png", "webp", "gif", "avif", "tif"];

    /// <summary>Milliseconds that <see cref="Animation"/> shows each frame.</summary>
    public static readonly int[] Delays = [40, 50, 60, 70, 80];

    /// <summary>How often <see cref="Animation"/> runs.</summary>
    public const int Loops = 3;

    private const string Profile = "icc-profile-data";

    /// <summary>Smooth in all channels, with no symmetry; 8 bits.</summary>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="bands">1 to 4: grey, grey and alpha, RGB, RGB and alpha. Alpha runs from 0 at the left.</param>
    public static Image Gradient(int width, int height, int bands = 3)
    {
        var pixels = new byte[width * height * bands];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (right, down) = (255 * x / Math.Max(1, width - 1), 255 * y / Math.Max(1, height - 1));
                int[] colours = bands < 3 ? [(right + down) / 2] : [right, down, (255 - right) / 2 + down / 4];
                for (var band = 0; band < bands; band++)
                {
                    pixels[(y * width + x) * bands + band] = (byte)(band < colours.Length ? colours[band] : right);
                }
            }
        }

        return Image.NewFromMemory(pixels, width, height, bands, Enums.BandFormat.Uchar)
            .Copy(interpretation: bands < 3 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
    }

    /// <summary>The file of a <see cref="Gradient"/> of three channels.</summary>
    public static byte[] GradientFile(int width, int height, string format) =>
        FileCache.GetOrCreate((nameof(GradientFile), width, height, format), () =>
    {
        using var gradient = Gradient(width, height);
        return File(gradient, format);
    });

    /// <summary>The same with values of 16 bits that use the lower 8, too.</summary>
    public static Image DeepGradient(int width, int height, int bands = 3) =>
        (Gradient(width, height, bands) * 256 + Gradient(width, height, bands).Rot180())
        .Cast(Enums.BandFormat.Ushort)
        .Copy(interpretation: bands < 3 ? Enums.Interpretation.Grey16 : Enums.Interpretation.Rgb16);

    /// <summary>Encodes without loss where the format can.</summary>
    /// <param name="image">What to encode.</param>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    public static byte[] File(Image image, string format) => format switch
    {
        "jpg" => image.JpegsaveBuffer(q: 95, subsampleMode: Enums.ForeignSubsample.Off),
        "png" => image.PngsaveBuffer(),
        "webp" => image.WebpsaveBuffer(lossless: true, exact: true),
        "gif" => image.GifsaveBuffer(dither: 0),
        "avif" => image.HeifsaveBuffer(
            q: 90, effort: 0, compression: Enums.ForeignHeifCompression.Av1, bitdepth: image.Format == Enums.BandFormat.Ushort ? 10 : 8),
        "tif" => image.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Deflate),
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary>A small picture in a format.</summary>
    public static byte[] Small(string format) =>
        FileCache.GetOrCreate((nameof(Small), format), () => File(FewColours(48, 32, shift: 0), format));

    /// <summary>A photograph of about so many pixels as a JPEG.</summary>
    public static byte[] Large(int pixels) => FileCache.GetOrCreate((nameof(Large), pixels), () =>
    {
        using var photo = Pixels.Open(Photos.Read("seeding_by_Clements_Engelhardt.jpg"));
        using var memory = photo.CopyMemory();
        return memory.Resize(Math.Sqrt((double)pixels / (photo.Width * photo.Height)), kernel: Enums.Kernel.Linear)
            .JpegsaveBuffer(q: 75, keep: Enums.ForeignKeep.None);
    });

    /// <summary>A square of 16 bits and four channels as a PNG, whose colours and alpha change slowly, so that its file is small.</summary>
    /// <param name="side">Pixels, up to 7,281.</param>
    public static byte[] LargeDeep(int side) => FileCache.GetOrCreate((nameof(LargeDeep), side), () =>
    {
        using var places = Image.Xyz(side, side);
        using var values = places * 9;
        using var both = values.Bandjoin((places[0] + places[1]) * 4, values[0]);
        using var deep = both.Cast(Enums.BandFormat.Ushort);
        using var colours = deep.Copy(interpretation: Enums.Interpretation.Rgb16);
        return colours.PngsaveBuffer(compression: 1, filter: Enums.ForeignPngFilter.Up);
    });

    /// <summary>A photograph over which a camera pans: frames of 416 × 400 pixels, 300 of which are all but 50 megapixels.</summary>
    /// <param name="format">gif or webp.</param>
    /// <param name="frames">How many.</param>
    public static byte[] LongAnimation(string format, int frames) => FileCache.GetOrCreate((nameof(LongAnimation), format, frames), () =>
    {
        using var photo = Pixels.Open(Photos.Read("coffee.png"));
        using var memory = photo.CopyMemory();
        var parts = Enumerable.Range(0, frames).Select(frame => memory.Crop(frame * 180 / frames, 0, 416, 400)).ToArray();
        using var tall = Image.Arrayjoin(parts, across: 1);
        using var film = tall.Mutate(image =>
        {
            image.Set(GValue.GIntType, "page-height", 400);
            image.Set(GValue.ArrayIntType, "delay", Enumerable.Repeat(40, frames).ToArray());
        });
        return format == "gif" ? film.GifsaveBuffer(effort: 1) : film.WebpsaveBuffer(q: 60, effort: 0);
    });

    /// <summary>
    /// A shared photo with no more pixels than so many: in its format, with its depth, its profile and its orientation as a tag.
    /// </summary>
    public static byte[] Shrunk(string photo, int pixels) => FileCache.GetOrCreate((nameof(Shrunk), photo, pixels), () =>
    {
        var file = Photos.Read(photo);
        using var image = Pixels.Open(file);
        if ((long)image.Width * image.Height <= pixels)
        {
            return file;
        }

        using var memory = image.CopyMemory();
        using var small = memory.Resize(Math.Sqrt((double)pixels / ((long)image.Width * image.Height)));
        var start = file.AsSpan();
        return start.StartsWith("RIFF"u8) ? small.WebpsaveBuffer()
            : start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]) ? small.JpegsaveBuffer(q: 90)
            : small.PngsaveBuffer();
    });

    /// <summary>Five frames of 48 × 32, each of other colours, few enough for a GIF to keep them all.</summary>
    /// <param name="format">gif, webp, or tif for pages.</param>
    /// <param name="hasAlpha">Whether the left edge is transparent.</param>
    public static byte[] Animation(string format, bool hasAlpha) => FileCache.GetOrCreate((nameof(Animation), format, hasAlpha), () =>
    {
        var frames = Enumerable.Range(0, Delays.Length).Select(frame => FewColours(48, 32, 20 * frame)).ToArray();
        var tall = Image.Arrayjoin(frames, across: 1);
        if (hasAlpha)
        {
            var alpha = (Image.Xyz(tall.Width, tall.Height)[0] >= 8).Cast(Enums.BandFormat.Uchar);
            tall = tall.Bandjoin(alpha);
        }

        return File(
            tall.Mutate(image =>
            {
                image.Set(GValue.GIntType, "page-height", 32);
                image.Set(GValue.ArrayIntType, "delay", Delays);
                image.Set(GValue.GIntType, "loop", Loops);
            }),
            format);
    });

    /// <summary>EXIF with a GPS position, XMP, IPTC and comments, as far as the format can, each with <see cref="Secret"/>.</summary>
    public static byte[] WithMetadata(string format)
    {
        var file = File(Described(), format);

        // libvips writes no comments into a GIF: this goes before the last byte.
        return format == "gif" ? [.. file[..^1], 0x21, 0xFE, (byte)Secret.Length, .. Encoding.ASCII.GetBytes(Secret), 0, file[^1]] : file;
    }

    /// <summary>The picture of the rocket, stored as an EXIF orientation says and tagged with it: all eight look the same.</summary>
    /// <param name="orientation">From 1 to 8.</param>
    /// <param name="format">One that has EXIF.</param>
    /// <param name="pixels">The most pixels that it may have.</param>
    public static byte[] Oriented(int orientation, string format, int pixels = int.MaxValue) =>
        FileCache.GetOrCreate((nameof(Oriented), orientation, format, pixels), () =>
    {
        using var rocket = Pixels.Open(Shrunk("rocket.jpg", pixels));
        using var memory = rocket.CopyMemory();
        using var stored = orientation switch
        {
            1 => memory.Copy(),
            2 => memory.FlipHor(),
            3 => memory.Rot180(),
            4 => memory.FlipVer(),
            5 => memory.Rot90().FlipHor(),
            6 => memory.Rot270(),
            7 => memory.Rot270().FlipHor(),
            _ => memory.Rot90(),
        };
        using var tagged = stored.Mutate(image =>
        {
            image.Set(GValue.GIntType, "orientation", orientation);
            image.Set(GValue.GStrType, "exif-ifd0-Orientation", $"{orientation} ({orientation}, Short, 1 components, 2 bytes)");
        });
        return File(tagged, format);
    });

    /// <summary>A gradient without the most colourful colours, which a conversion clips.</summary>
    /// <param name="depth">8 or 16 bits.</param>
    public static Image Muted(int depth)
    {
        using var gradient = depth == 16 ? DeepGradient(48, 32) : Gradient(48, 32);
        using var half = gradient / 2 + (depth == 16 ? 16384 : 64);
        return half.Cast(gradient.Format);
    }

    /// <summary><see cref="Muted"/> in Display P3, with that profile.</summary>
    public static Image WideGamut(int depth)
    {
        using var srgb = Muted(depth);
        return srgb.IccTransform("p3", inputProfile: "srgb", intent: Enums.Intent.Relative, depth: depth);
    }

    /// <summary>The ICC profile in a file; null where there is none.</summary>
    public static byte[]? ProfileOf(byte[] file)
    {
        using var image = Pixels.Open(file);
        return image.Contains(Profile) ? (byte[])image.Get(Profile) : null;
    }

    private static Image Described() => FewColours(48, 32, shift: 0).Mutate(image =>
    {
        image.Set(
            GValue.GStrType, "exif-ifd0-Artist", $"{Secret} ({Secret}, ASCII, {Secret.Length + 1} components, {Secret.Length + 1} bytes)");
        image.Set(GValue.GStrType, "exif-ifd3-GPSLatitude", "47/1 22/1 36/1 (47, 22, 36, Rational, 3 components, 24 bytes)");
        image.Set(
            GValue.GStrType,
            "exif-ifd3-GPSMapDatum",
            $"{Secret} ({Secret}, ASCII, {Secret.Length + 1} components, {Secret.Length + 1} bytes)");
        image.Set(GValue.BlobType, "xmp-data", Encoding.UTF8.GetBytes($"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{Secret}</x:xmpmeta>"));
        image.Set(GValue.BlobType, "iptc-data", Encoding.UTF8.GetBytes(Secret));
        image.Set(GValue.GStrType, "png-comment-0-Title", Secret);
        image.Set(GValue.GStrType, "gif-comment", Secret);
        image.Set(GValue.GStrType, "image-description", Secret);
    });

    /// <summary>Blocks of 8 × 8, each of one colour.</summary>
    private static Image FewColours(int width, int height, int shift)
    {
        var pixels = new byte[width * height * 3];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                // The corner tells frames apart, whatever happens to small differences.
                var isCorner = x >= width - 8 && y >= height - 8;
                byte[] colour = isCorner
                    ? [(byte)(shift % 40 == 0 ? 0 : 255), (byte)(shift % 40 == 0 ? 0 : 255), (byte)(shift % 40 == 0 ? 0 : 255)]
                    : [(byte)(x / 8 * 40 + shift), (byte)(y / 8 * 60 + 10), (byte)(shift * 2 + 30)];
                colour.CopyTo(pixels, (y * width + x) * 3);
            }
        }

        return Image.NewFromMemory(pixels, width, height, 3, Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
    }
}
