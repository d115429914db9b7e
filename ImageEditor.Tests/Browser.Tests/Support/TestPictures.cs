using NetVips;

namespace ImageEditor.Browser.Tests.Support;

/// <summary>Pictures whose pixels tests know.</summary>
internal static class TestPictures
{
    /// <summary>
    /// A PNG with a different colour in every pixel's row and column, lossless; different numbers make different pictures.
    /// </summary>
    public static byte[] Colours(int width = 96, int height = 64, int number = 0)
    {
        using var xyz = Image.Xyz(width, height);
        using var red = xyz[0] * (255.0 / (width - 1));
        using var green = xyz[1] * (255.0 / (height - 1));
        using var blue = (xyz[0] * 0) + (40 + (number * 50 % 200));
        using var rgb = red.Bandjoin(green, blue).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        return rgb.PngsaveBuffer();
    }

    /// <summary>Decodes a picture.</summary>
    public static Image Read(byte[] bytes) => Image.NewFromBuffer(bytes);

    /// <summary>The channels of a pixel.</summary>
    public static double[] At(this Image image, int x, int y) => image.Getpoint(x, y);
}
