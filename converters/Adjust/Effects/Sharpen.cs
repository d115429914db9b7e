using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Images;
using ImageEditor.Converters.Pipeline;
using NetVips;

namespace ImageEditor.Converters.Adjust.Effects;

/// <summary>The converter <c>sharpen</c>: an unsharp mask, value + amount · (value - blurred value).</summary>
internal static class Sharpen
{
    private static readonly NumberParameter Amount = new(
        "amount", "Amount", "How much stronger fine differences become.", minimum: 0, maximum: 300, @default: 80)
    {
        Step = 1,
        Unit = "%",
    };

    private static readonly NumberParameter Radius = new(
        "radius",
        "Radius",
        "How fine the differences are: the standard deviation of a Gaussian curve.",
        minimum: 0.3,
        maximum: 10,
        @default: 1)
    {
        Unit = "px",
    };

    public static readonly ServedConverter Converter = new(
        new ConverterDescriptor("sharpen", "Sharpen", "Makes edges and fine detail clearer.")
        {
            Category = ConverterCategory.Adjust,
            Version = 1,
            Parameters = [Amount, Radius],
        },
        Apply);

    private static Image Apply(Conversion conversion)
    {
        var (amount, radius) = (conversion.Get(Amount) / 100, conversion.Get(Radius));
        return amount == 0 ? conversion.Image.Copy() : Frames.Map(conversion.Image, frame => Sharpened(frame, amount, radius));
    }

    /// <summary>Colours weigh as much as they are seen, so that nothing comes in from what is transparent; alpha stays as it is.</summary>
    private static Image Sharpened(Image frame, double amount, double radius)
    {
        using var memory = frame.CopyMemory();
        if (!memory.HasAlpha())
        {
            using var around = Gaussian.Blur(memory, radius);
            return Strengthened(memory, around, amount);
        }

        using var means = Premultiplied.Change(memory, picture => Gaussian.Blur(picture, radius));
        using var meanColours = means.ExtractBand(0, n: memory.Bands - 1);
        using var colours = memory.ExtractBand(0, n: memory.Bands - 1);
        using var alpha = memory.ExtractBand(memory.Bands - 1);
        using var sharp = Strengthened(colours, meanColours, amount);
        using var whole = sharp.Bandjoin(alpha);
        return whole.Copy(interpretation: memory.Interpretation);
    }

    private static Image Strengthened(Image colours, Image around, double amount)
    {
        using var stronger = colours.Linear([1 + amount], [0]);
        using var lessAround = around.Linear([amount], [0]);
        using var sharp = stronger - lessAround;
        using var rounded = sharp.Rint();
        using var cast = rounded.Cast(colours.Format);
        return cast.Copy(interpretation: colours.Interpretation);
    }
}
