using System.Globalization;
using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;

namespace ImageEditor.Converters.ContractTests.Formulas;

/// <summary>The formulas of docs/converters.md, written once more.</summary>
public sealed class AdjustTests(RunningConverters converters)
{
    public static MatrixTheoryData<string, string> Cases => new(
        LosslessPictures.Names.Select(row => row.Data),
        [
            "", "exposure=1.5", "exposure=-2", "brightness=30", "brightness=-45", "contrast=40", "contrast=-60", "shadows=80",
            "shadows=-100", "highlights=-70", "highlights=100", "gamma=2.2", "gamma=0.5",
            "exposure=0.5&brightness=-10&contrast=20&shadows=40&highlights=-30&gamma=1.1",
        ]);

    public static MatrixTheoryData<string, string> ColourCases => new(
        ["coffee.png", "alpha.png", "deep-alpha.png", "wide-gamut.png", "deep.tif", "animation.webp"],
        ["saturation=50", "saturation=-100", "saturation=-30&exposure=1&contrast=20", "saturation=100&shadows=40"]);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Convert_Tones_FollowTheFormulas(string picture, string query)
    {
        var client = await converters.ClientAsync("adjust");
        var input = Pixels.Of(LosslessPictures.Read(picture));

        // As if nothing was asked for: the suite's own parameters are told again with their defaults.
        var result = Pixels.Of(await client.ConvertedAsync(LosslessPictures.Read(picture), Completed(query)));

        Assert.Equal((input.Width, input.Height, input.Frames), (result.Width, result.Height, result.Frames));
        var gain = Math.Pow(2, Value(query, "exposure", 0));
        result.MustBeNear(
            (x, y, channel) => channel == Pixels.Alpha
                ? input.At(x, y, channel)
                : input.Maximum * Tone(Encoded(gain * Linear((double)input.At(x, y, channel) / input.Maximum)), query),
            tolerance: 1);
    }

    [Theory]
    [MemberData(nameof(ColourCases))]
    public async Task Convert_Saturation_KeepsTheLuminance(string picture, string query)
    {
        var client = await converters.ClientAsync("adjust");
        var input = Pixels.Of(LosslessPictures.Read(picture));

        var result = Pixels.Of(await client.ConvertedAsync(LosslessPictures.Read(picture), Completed(query)));

        var gain = Math.Pow(2, Value(query, "exposure", 0));
        var factor = 1 + (Value(query, "saturation", 0) / 100);
        double Expected(int x, int y, int channel)
        {
            if (channel == Pixels.Alpha)
            {
                return input.At(x, y, channel);
            }

            double[] light = [.. Enumerable.Range(0, 3).Select(i => gain * Linear((double)input.At(x, y, i) / input.Maximum))];
            var luminance = (0.2126 * light[0]) + (0.7152 * light[1]) + (0.0722 * light[2]);
            return input.Maximum * Tone(Encoded(luminance + (factor * (light[channel] - luminance))), query);
        }

        // Deep values are computed in floats, whose last bits the steep start of a curve makes larger.
        result.MustBeNear(Expected, tolerance: input.Maximum == ushort.MaxValue ? 12 : 1);
    }

    /// <summary>100 steps are 90 millionths of 1/K: daylight of 4,103 K for D65, and of 15,686 K for -100.</summary>
    [Theory]
    [InlineData("temperature=100", 1, -1, 8)]
    [InlineData("temperature=-100", -1, 1, 8)]
    [InlineData("temperature=100", 1, -1, 16)]
    [InlineData("temperature=-100", -1, 1, 16)]
    public async Task Convert_Temperature_MovesWhiteAlongDaylight(string query, int red, int blue, int depth)
    {
        var client = await converters.ClientAsync("adjust");
        var grey = Grey(100, depth);

        var result = Pixels.Of(await client.ConvertedAsync(grey, Completed(query)));

        var unchanged = 100 * result.Maximum / 255;
        var (x, y) = Chromaticity(result, 4, 4);
        var (expectedX, expectedY) = red > 0 ? Daylight(4102.56) : Daylight(15_686.3);
        var (whiteX, whiteY) = Daylight(6504);
        Assert.InRange(x - (expectedX + 0.3127 - whiteX), -0.004, 0.004);
        Assert.InRange(y - (expectedY + 0.3290 - whiteY), -0.004, 0.004);
        Assert.Equal((red, blue), (Math.Sign(result.At(4, 4, 0) - unchanged), Math.Sign(result.At(4, 4, 2) - unchanged)));

        // As bright as before.
        Assert.InRange(Luminance(result, 4, 4) - Linear(100 / 255.0), -0.003, 0.003);
    }

    [Fact]
    public async Task Convert_Tint_MovesWhiteToMagentaOrGreen()
    {
        var client = await converters.ClientAsync("adjust");

        var magenta = Pixels.Of(await client.ConvertedAsync(Grey(100), Completed("tint=100")));
        var green = Pixels.Of(await client.ConvertedAsync(Grey(100), Completed("tint=-100")));

        Assert.InRange(magenta.At(4, 4, 1), 1, Math.Min(magenta.At(4, 4, 0), magenta.At(4, 4, 2)) - 5);
        Assert.InRange(green.At(4, 4, 1), Math.Max(green.At(4, 4, 0), green.At(4, 4, 2)) + 5, 255);
        var (x, y) = Chromaticity(magenta, 4, 4);

        // Two hundredths away from D65 in the CIE 1960 diagram, at right angles to the line of daylights there: from 6,504 K to 6,000 K.
        var (u, v) = Uniform(x, y);
        var ((fromU, fromV), (toU, toV)) = (Uniform(Daylight(6504)), Uniform(Daylight(6000)));
        var (right, down) = (u - 0.1978, v - 0.3122);
        Assert.InRange(Math.Sqrt((right * right) + (down * down)), 0.019, 0.021);
        var (alongU, alongV) = (toU - fromU, toV - fromV);
        var along = ((right * alongU) + (down * alongV)) / Math.Sqrt((alongU * alongU) + (alongV * alongV));
        Assert.InRange(along, -0.002, 0.002);
    }

    private static string Completed(string query) =>
        string.Join('&', ((string[])["exposure", "contrast", "shadows", "saturation", "temperature"])
            .Where(name => !query.Contains(name + "=", StringComparison.Ordinal))
            .Select(name => name + "=0")
            .Prepend(query));

    private static double Value(string query, string name, double @default) =>
        query.Split('&').SingleOrDefault(part => part.StartsWith(name + "=", StringComparison.Ordinal)) is { } part
            ? double.Parse(part[(name.Length + 1)..], CultureInfo.InvariantCulture)
            : @default;

    private static double Tone(double v, string query)
    {
        v = Math.Clamp(v + (Value(query, "brightness", 0) / 100), 0, 1);
        var c = 2.55 * Value(query, "contrast", 0);
        v = Math.Clamp((259 * (c + 255) / (255 * (259 - c)) * (v - (128.0 / 255))) + (128.0 / 255), 0, 1);
        v += Value(query, "shadows", 0) / 100 * v * Math.Pow(1 - v, 2);
        v += Value(query, "highlights", 0) / 100 * Math.Pow(v, 2) * (1 - v);
        return Math.Pow(v, 1 / Value(query, "gamma", 1));
    }

    private static double Linear(double value) => value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);

    private static double Encoded(double light) => Math.Clamp(
        light <= 0.0031308 ? 12.92 * Math.Max(0, light) : (1.055 * Math.Pow(light, 1 / 2.4)) - 0.055, 0, 1);

    private static byte[] Grey(byte value, int depth = 8)
    {
        using var image = NetVips.Image.NewFromMemory(
            Enumerable.Repeat(value, 8 * 8 * 3).ToArray(), 8, 8, 3, NetVips.Enums.BandFormat.Uchar);
        using var scaled = image * (depth == 16 ? 257.0 : 1.0);
        using var cast = scaled.Cast(depth == 16 ? NetVips.Enums.BandFormat.Ushort : NetVips.Enums.BandFormat.Uchar);
        using var colours = cast.Copy(interpretation: depth == 16 ? NetVips.Enums.Interpretation.Rgb16 : NetVips.Enums.Interpretation.Srgb);
        return GeneratedImages.File(colours, "png");
    }

    private static (double X, double Y) Daylight(double t)
    {
        var x = t <= 7000
            ? (-4.6070e9 / (t * t * t)) + (2.9678e6 / (t * t)) + (0.09911e3 / t) + 0.244063
            : (-2.0064e9 / (t * t * t)) + (1.9018e6 / (t * t)) + (0.24748e3 / t) + 0.237040;
        return (x, (-3 * x * x) + (2.870 * x) - 0.275);
    }

    private static (double U, double V) Uniform((double X, double Y) place) => Uniform(place.X, place.Y);

    private static (double U, double V) Uniform(double x, double y) =>
        (4 * x / ((-2 * x) + (12 * y) + 3), 6 * y / ((-2 * x) + (12 * y) + 3));

    private static double Luminance(Pixels image, int x, int y) =>
        (0.2126 * Linear((double)image.At(x, y, 0) / image.Maximum))
        + (0.7152 * Linear((double)image.At(x, y, 1) / image.Maximum))
        + (0.0722 * Linear((double)image.At(x, y, 2) / image.Maximum));

    private static (double X, double Y) Chromaticity(Pixels image, int atX, int atY)
    {
        double[] light = [.. Enumerable.Range(0, 3).Select(channel => Linear((double)image.At(atX, atY, channel) / image.Maximum))];
        var x = (0.4124 * light[0]) + (0.3576 * light[1]) + (0.1805 * light[2]);
        var y = (0.2126 * light[0]) + (0.7152 * light[1]) + (0.0722 * light[2]);
        var z = (0.0193 * light[0]) + (0.1192 * light[1]) + (0.9505 * light[2]);
        return (x / (x + y + z), y / (x + y + z));
    }
}
