using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Images;
using ImageEditor.Converters.Pipeline;
using NetVips;

namespace ImageEditor.Converters.Adjust.Tones;

/// <summary>The converter <c>auto-enhance</c>: one curve for all channels and frames, so that no colour changes into another.</summary>
internal static class AutoEnhance
{
    /// <summary>The part of the values that may become black, and white.</summary>
    private const double Clipped = 0.005;

    /// <summary>Black and white are at least so far apart: fog is not torn into noise.</summary>
    private const double LeastRange = 0.25;

    /// <summary>How far the middle is lifted or lowered.</summary>
    private const double MostGamma = 4.0 / 3;

    private static readonly NumberParameter Strength = new(
        "strength", "Strength", "How much of the change is made.", minimum: 0, maximum: 100, @default: 100)
    {
        Step = 1,
        Unit = "%",
    };

    public static readonly ServedConverter Converter = new(
        new ConverterDescriptor(
            "auto-enhance",
            "Auto enhance",
            "Spreads the tones from black to white and brings the middle to the middle, with one curve for all colours.")
        {
            Category = ConverterCategory.Adjust,
            Version = 1,
            Parameters = [Strength],
        },
        Apply);

    private static Image Apply(Conversion conversion)
    {
        using var memory = conversion.Image.CopyMemory();
        var histogram = Histogram(memory);
        var (black, white, gamma) = Measure(histogram);
        var strength = conversion.Get(Strength) / 100;
        return Curves.Map(memory, value =>
        {
            var enhanced = Math.Pow(Math.Clamp((value - black) / (white - black), 0, 1), 1 / gamma);
            return value + (strength * (enhanced - value));
        });
    }

    /// <summary>How often each value is in the colour channels of pixels that are seen.</summary>
    private static double[] Histogram(Image memory)
    {
        var colours = memory.HasAlpha() ? memory.Bands - 1 : memory.Bands;
        using var seen = memory.HasAlpha() ? Seen(memory) : null;
        var sums = new double[memory.Format == Enums.BandFormat.Ushort ? 65_536 : 256];
        for (var band = 0; band < colours; band++)
        {
            using var channel = memory.ExtractBand(band);
            using var counted = seen is null ? channel.HistFind() : seen.HistFindIndexed(channel);
            using var cast = counted.Cast(Enums.BandFormat.Double);
            foreach (var (value, count) in cast.WriteToMemory<double>().Index())
            {
                sums[value] += count;
            }
        }

        return sums;
    }

    /// <summary>1 where a pixel is seen and 0 elsewhere.</summary>
    private static Image Seen(Image memory)
    {
        using var alpha = memory.ExtractBand(memory.Bands - 1);
        using var isSeen = alpha > 0.0;
        return isSeen & 1;
    }

    /// <summary>From 0 to 1; where nothing is seen, what changes nothing.</summary>
    private static (double Black, double White, double Gamma) Measure(double[] histogram)
    {
        var total = histogram.Sum();
        if (total == 0)
        {
            return (0, 1, 1);
        }

        double At(double part)
        {
            var (sum, value) = (0.0, 0);
            while (value < histogram.Length - 1 && (sum += histogram[value]) < part * total)
            {
                value++;
            }

            return value / (histogram.Length - 1.0);
        }

        var (black, white, middle) = (At(Clipped), At(1 - Clipped), At(0.5));
        if (white - black < LeastRange)
        {
            // Around the same middle, but within what there is.
            var start = Math.Clamp(((black + white) - LeastRange) / 2, 0, 1 - LeastRange);
            (black, white) = (start, start + LeastRange);
        }

        var stretched = Math.Clamp((middle - black) / (white - black), 0.01, 0.99);
        return (black, white, Math.Clamp(Math.Log(stretched) / Math.Log(0.5), 1 / MostGamma, MostGamma));
    }
}
