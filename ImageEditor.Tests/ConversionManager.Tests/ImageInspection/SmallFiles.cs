using NetVips;

namespace ImageEditor.ConversionManager.Tests.ImageInspection;

/// <summary>Small real files of every format, 16 × 12 pixels, made by libvips, and how many frames each has.</summary>
internal static class SmallFiles
{
    public const int Width = 16;
    public const int Height = 12;

    private static readonly Dictionary<string, (byte[] Bytes, int Frames)> Files = Create();

    public static IEnumerable<string> Names => Files.Keys;

    public static byte[] Read(string name) => (byte[])Files[name].Bytes.Clone();

    public static int Frames(string name) => Files[name].Frames;

    private static Dictionary<string, (byte[] Bytes, int Frames)> Create()
    {
        using var still = Gradient(Height);
        using var alpha = still.Bandjoin(200);
        using var wider = still * 256;
        using var wide = wider.Cast(Enums.BandFormat.Ushort);
        using var deep = wide.Copy(interpretation: Enums.Interpretation.Rgb16);
        using var animation = Paged(3);

        return new Dictionary<string, (byte[] Bytes, int Frames)>
        {
            ["baseline.jpg"] = (still.JpegsaveBuffer(), 1),
            ["progressive.jpg"] = (still.JpegsaveBuffer(interlace: true), 1),
            ["restart.jpg"] = (still.JpegsaveBuffer(restartInterval: 1), 1),
            ["rgb.png"] = (still.PngsaveBuffer(), 1),
            ["rgba.png"] = (alpha.PngsaveBuffer(), 1),
            ["deep.png"] = (deep.PngsaveBuffer(), 1),
            ["palette.png"] = (still.PngsaveBuffer(palette: true), 1),
            ["interlaced.png"] = (still.PngsaveBuffer(interlace: true), 1),
            ["lossy.webp"] = (still.WebpsaveBuffer(), 1),
            ["lossless.webp"] = (still.WebpsaveBuffer(lossless: true), 1),
            ["alpha.webp"] = (alpha.WebpsaveBuffer(), 1),
            ["animated.webp"] = (animation.WebpsaveBuffer(), 3),
            ["still.gif"] = (still.GifsaveBuffer(), 1),
            ["animated.gif"] = (animation.GifsaveBuffer(), 3),
            ["still.avif"] = (still.HeifsaveBuffer(compression: Enums.ForeignHeifCompression.Av1), 1),
            ["alpha.avif"] = (alpha.HeifsaveBuffer(compression: Enums.ForeignHeifCompression.Av1), 1),
            ["strips.tif"] = (still.TiffsaveBuffer(), 1),
            ["tiles.tif"] = (still.TiffsaveBuffer(tile: true, tileWidth: 16, tileHeight: 16), 1),
            ["deflate.tif"] = (still.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Deflate), 1),
            ["big.tif"] = (still.TiffsaveBuffer(bigtiff: true), 1),
            ["pages.tif"] = (animation.TiffsaveBuffer(), 3),
        };
    }

    /// <summary>Frames of different colours one above the other, as libvips keeps animations.</summary>
    private static Image Paged(int frames)
    {
        using var strip = Gradient(Height * frames);
        return strip.Mutate(image =>
        {
            image.Set(GValue.GIntType, "page-height", Height);
            image.Set(GValue.ArrayIntType, "delay", Enumerable.Repeat(100, frames).ToArray());
        });
    }

    private static Image Gradient(int height)
    {
        using var ramps = Image.Xyz(Width, height);
        using var scaled = ramps * new double[] { 15, 7 };
        using var colours = scaled.Bandjoin(90);
        using var bytes = colours.Cast(Enums.BandFormat.Uchar);
        using var picture = bytes.Copy(interpretation: Enums.Interpretation.Srgb);
        return picture.CopyMemory();
    }
}
