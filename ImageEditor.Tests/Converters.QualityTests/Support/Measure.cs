using NetVips;

namespace ImageEditor.Converters.QualityTests.Support;

/// <summary>How far two pictures are apart.</summary>
internal static class Measure
{
    /// <summary>Peak signal-to-noise ratio of luma (ITU-R BT.601), in dB.</summary>
    /// <param name="one">8 bits per channel.</param>
    /// <param name="other">The same size.</param>
    /// <param name="border">Pixels at each edge that do not count.</param>
    public static double LumaPsnr(Image one, Image other, int border)
    {
        using var difference = Luma(one) - Luma(other);
        using var inner = difference.Crop(border, border, difference.Width - 2 * border, difference.Height - 2 * border);
        using var squares = inner * inner;
        return 10 * Math.Log10(255 * 255 / squares.Avg());
    }

    /// <summary>The largest difference of any value.</summary>
    public static double Largest(Image one, Image other)
    {
        using var difference = (one - other).Abs();
        return difference.Max();
    }

    /// <summary>The mean strength of fine detail: how far each value is from the mean around it.</summary>
    public static double Detail(Image image)
    {
        using var map = DetailMap(image);
        return map.Avg();
    }

    /// <summary>The strength of fine detail at each point.</summary>
    public static Image DetailMap(Image image)
    {
        using var smooth = image.Gaussblur(1.5, precision: Enums.Precision.Float);
        using var difference = image - smooth;
        return difference.Abs();
    }

    /// <summary>A square picture resized with the bicubic filter of the field, antialiased, and rounded to 8 bits.</summary>
    /// <param name="image">8 bits per channel, RGB.</param>
    /// <param name="side">Pixels.</param>
    public static Image Bicubic(Image image, int side)
    {
        var values = Array.ConvertAll(image.WriteToMemory<byte>(), value => (float)value);
        var planes = new float[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            planes[i % 3 * (values.Length / 3) + i / 3] = values[i];
        }

        var resized = Converters.Onnx.Tiles.Bicubic.Resize(planes, 3, image.Width, image.Height, side, side);
        var bytes = new byte[resized.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)Math.Clamp(MathF.Round(resized[i % 3 * (resized.Length / 3) + i / 3]), 0, 255);
        }

        using var memory = Image.NewFromMemory(bytes, side, side, 3, Enums.BandFormat.Uchar);
        return memory.Copy(interpretation: Enums.Interpretation.Srgb).CopyMemory();
    }

    private static Image Luma(Image image) => image.Recomb(Image.NewFromArray(new[,] { { 0.299, 0.587, 0.114 } }));
}
