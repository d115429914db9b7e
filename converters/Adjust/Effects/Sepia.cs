using ImageEditor.Converters.Adjust.Tones;
using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Images;
using ImageEditor.Converters.Pipeline;
using NetVips;

namespace ImageEditor.Converters.Adjust.Effects;

/// <summary>The converter <c>sepia</c>, as the function of that name in the W3C's Filter Effects Module Level 1.</summary>
internal static class Sepia
{
    private static readonly double[,] Brown = { { 0.393, 0.769, 0.189 }, { 0.349, 0.686, 0.168 }, { 0.272, 0.534, 0.131 } };

    private static readonly NumberParameter Strength = new(
        "strength", "Strength", "0 leaves the picture as it is.", minimum: 0, maximum: 100, @default: 100)
    {
        Step = 1,
        Unit = "%",
    };

    public static readonly ServedConverter Converter = new(
        new ConverterDescriptor("sepia", "Sepia", "Gives the picture the brown of old photographs.")
        {
            Category = ConverterCategory.Effect,
            Version = 1,
            Parameters = [Strength],
        },
        Apply);

    private static Image Apply(Conversion conversion)
    {
        var strength = conversion.Get(Strength) / 100;
        if (strength == 0)
        {
            return conversion.Image.Copy();
        }

        var matrix = new double[3, 3];
        for (var i = 0; i < 9; i++)
        {
            var (row, column) = (i / 3, i % 3);
            matrix[row, column] = (strength * Brown[row, column]) + (row == column ? 1 - strength : 0);
        }

        using var image = Colours.ToRgb(conversion.Image);
        using var changed = ColourMatrix.Apply(image, matrix);
        using var rounded = changed.Rint();
        using var cast = rounded.Cast(image.Format);
        return cast.Copy(interpretation: image.Interpretation);
    }
}
