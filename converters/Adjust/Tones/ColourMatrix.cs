using NetVips;

namespace ImageEditor.Converters.Adjust.Tones;

/// <summary>Matrices of three rows and columns that make a colour of a colour.</summary>
internal static class ColourMatrix
{
    /// <summary>How bright red, green and blue light of BT.709, and so of sRGB, look.</summary>
    private static readonly double[] Luminance = [0.2126, 0.7152, 0.0722];

    /// <summary>Moves colours away from grey of the same luminance, or towards it.</summary>
    /// <param name="factor">0 for grey, 1 for no change.</param>
    public static double[,] Saturation(double factor)
    {
        var matrix = new double[3, 3];
        for (var row = 0; row < 3; row++)
        {
            for (var column = 0; column < 3; column++)
            {
                matrix[row, column] = ((1 - factor) * Luminance[column]) + (row == column ? factor : 0);
            }
        }

        return matrix;
    }

    public static double[,] Multiply(double[,] matrix, double factor)
    {
        var product = (double[,])matrix.Clone();
        for (var i = 0; i < 9; i++)
        {
            product[i / 3, i % 3] *= factor;
        }

        return product;
    }

    public static double[,] Multiply(double[,] left, double[,] right)
    {
        var product = new double[3, 3];
        for (var i = 0; i < 27; i++)
        {
            product[i / 9, i / 3 % 3] += left[i / 9, i % 3] * right[i % 3, i / 3 % 3];
        }

        return product;
    }

    /// <summary>Changes the colours of a picture, in whatever units, and leaves its alpha.</summary>
    /// <param name="image">RGB, alpha last or none.</param>
    /// <param name="matrix">Rows make red, green and blue.</param>
    /// <returns>Floats, not rounded.</returns>
    public static Image Apply(Image image, double[,] matrix)
    {
        using var rows = Image.NewFromArray(matrix);
        if (!image.HasAlpha())
        {
            return image.Recomb(rows);
        }

        using var colours = image.ExtractBand(0, n: 3);
        using var alpha = image.ExtractBand(3);
        using var changed = colours.Recomb(rows);
        return changed.Bandjoin(alpha);
    }
}
