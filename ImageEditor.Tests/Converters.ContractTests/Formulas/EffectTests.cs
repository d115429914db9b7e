using System.Globalization;
using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;

namespace ImageEditor.Converters.ContractTests.Formulas;

/// <summary>Invert, sepia, vignette, blur, sharpen and auto-enhance: their formulas in docs/converters.md, written once more.</summary>
public sealed class EffectTests(RunningConverters converters)
{
    /// <summary>Small ones: sums over the neighbourhood of each pixel take long.</summary>
    public static TheoryData<string> SmallPictures =>
    [
        "grey.png", "grey-alpha.png", "alpha.png", "deep-alpha.png", "deep-grey.tif", "rgb.tif", "deep.tif", "pages.tif", "animation.webp",
    ];

    [Theory]
    [MemberData(nameof(LosslessPictures.Names), MemberType = typeof(LosslessPictures))]
    public async Task Invert_LosslessPicture_IsTheExactNegative(string picture)
    {
        var (input, result) = await ConvertAsync("invert", picture, "");

        result.MustBeNear(
            (x, y, channel) => channel == Pixels.Alpha ? input.At(x, y, channel) : input.Maximum - input.At(x, y, channel), tolerance: 0);
    }

    [Theory]
    [MemberData(nameof(LosslessPictures.Names), MemberType = typeof(LosslessPictures))]
    public async Task Sepia_LosslessPicture_FollowsTheFilterEffectsModule(string picture)
    {
        foreach (var strength in (int[])[100, 40])
        {
            var (input, result) = await ConvertAsync("sepia", picture, $"strength={strength}");

            var rest = 1 - (strength / 100.0);
            double[,] matrix =
            {
                { 0.393 + (0.607 * rest), 0.769 - (0.769 * rest), 0.189 - (0.189 * rest) },
                { 0.349 - (0.349 * rest), 0.686 + (0.314 * rest), 0.168 - (0.168 * rest) },
                { 0.272 - (0.272 * rest), 0.534 - (0.534 * rest), 0.131 + (0.869 * rest) },
            };
            result.MustBeNear(
                (x, y, channel) => channel == Pixels.Alpha
                    ? input.At(x, y, channel)
                    : Math.Min(input.Maximum, Enumerable.Range(0, 3).Sum(from => matrix[channel, from] * input.At(x, y, from))),
                tolerance: picture.EndsWith(".gif", StringComparison.Ordinal) ? 3 : 1);
        }
    }

    [Theory]
    [MemberData(nameof(LosslessPictures.Names), MemberType = typeof(LosslessPictures))]
    public async Task Vignette_LosslessPicture_IsTheFourthPowerOfTheCosine(string picture)
    {
        if (picture.EndsWith(".gif", StringComparison.Ordinal))
        {
            // So many shades in a frame are more than its palette has.
            picture = "animation.webp";
        }

        var (input, result) = await ConvertAsync("vignette", picture, "strength=80");

        var (middleX, middleY) = ((input.Width - 1) / 2.0, (input.FrameHeight - 1) / 2.0);
        var corner = Math.Sqrt((middleX * middleX) + (middleY * middleY));
        result.MustBeNear(
            (x, y, channel) =>
            {
                var (right, down) = (x - middleX, (y % input.FrameHeight) - middleY);
                var angle = Math.Atan(1.5 * 0.8 * Math.Sqrt((right * right) + (down * down)) / corner);
                var value = (double)input.At(x, y, channel) / input.Maximum;
                return channel == Pixels.Alpha
                    ? input.At(x, y, channel)
                    : input.Maximum * Encoded(Linear(value) * Math.Pow(Math.Cos(angle), 4));
            },
            tolerance: input.Maximum == ushort.MaxValue ? 3 : 1);
    }

    [Theory]
    [MemberData(nameof(SmallPictures))]
    public async Task Blur_SmallPicture_IsAGaussianOfPremultipliedValuesFrameByFrame(string picture)
    {
        foreach (var radius in (double[])[1.5, 4])
        {
            var (input, result) = await ConvertAsync("blur", picture, string.Create(CultureInfo.InvariantCulture, $"radius={radius}"));

            var expected = Blurred(input, radius);
            MustLookAlike(input, result, (x, y, channel) => expected[(((y * input.Width) + x) * Pixels.Channels) + channel], 0.012);
        }
    }

    /// <summary>Wide ones are computed of a smaller picture: a step of black and white becomes the integral of the curve.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(35)]
    [InlineData(100)]
    public async Task Blur_WideRadius_IsAGaussian(int radius)
    {
        const int width = 600;
        byte[] step = [.. Enumerable.Range(0, width * 200).Select(i => (byte)(i % width < width / 2 ? 40 : 200))];
        using var image = NetVips.Image.NewFromMemory(step, width, 200, 1, NetVips.Enums.BandFormat.Uchar);
        var client = await converters.ClientAsync("blur");

        var result = Pixels.Of(await client.ConvertedAsync(GeneratedImages.File(image, "png"), $"radius={radius}"));

        for (var x = 0; x < width; x++)
        {
            // Edges go on beyond the picture, so this holds everywhere.
            Assert.InRange(result.At(x, 100, 0) - (40 + (160 * Normal((x + 0.5 - (width / 2)) / radius))), -4.0, 4.0);
        }
    }

    [Theory]
    [MemberData(nameof(SmallPictures))]
    public async Task Sharpen_SmallPicture_IsAnUnsharpMask(string picture)
    {
        var (input, result) = await ConvertAsync("sharpen", picture, "amount=150&radius=1.5");

        var blurred = Blurred(input, 1.5);
        MustLookAlike(
            input,
            result,
            (x, y, channel) =>
            {
                var at = ((y * input.Width) + x) * Pixels.Channels;
                var alpha = (double)input.At(x, y, Pixels.Alpha) / input.Maximum;
                if (channel == Pixels.Alpha)
                {
                    return alpha;
                }

                var value = (double)input.At(x, y, channel) / input.Maximum;
                var mean = blurred[at + Pixels.Alpha] == 0 ? 0 : blurred[at + channel] / blurred[at + Pixels.Alpha];
                return alpha * Math.Clamp(value + (1.5 * (value - mean)), 0, 1);
            },
            0.015);
    }

    /// <summary>One curve for all channels and frames, from their values, sorted: half a percent at each end, and the middle one.</summary>
    [Theory]
    [InlineData("low-contrast")]
    [InlineData("low-contrast-alpha")]
    [InlineData("low-contrast-deep")]
    [InlineData("coffee.png")]
    [InlineData("grey-alpha.png")]
    [InlineData("deep-alpha.png")]
    [InlineData("deep-grey.tif")]
    [InlineData("pages.tif")]
    [InlineData("animation.webp")]
    public async Task AutoEnhance_Picture_IsSpreadFromBlackToWhite(string picture)
    {
        var client = await converters.ClientAsync("auto-enhance");
        var file = picture.StartsWith("low", StringComparison.Ordinal) ? Dull(picture) : LosslessPictures.Read(picture);
        var input = Pixels.Of(file);
        foreach (var strength in (int[])[100, 50])
        {
            var result = Pixels.Of(await client.ConvertedAsync(file, $"strength={strength}"));

            double[] values =
            [
                .. input.Values.Index()
                    .Where(value => value.Index % Pixels.Channels != Pixels.Alpha
                        && input.Values[value.Index - (value.Index % Pixels.Channels) + Pixels.Alpha] > 0)
                    .Select(value => (double)value.Item / input.Maximum)
                    .Order(),
            ];
            double At(double part) => values[(int)Math.Ceiling(part * values.Length) - 1];
            var (black, white) = (At(0.005), At(1 - 0.005));
            var gamma = Math.Clamp(Math.Log((At(0.5) - black) / (white - black)) / Math.Log(0.5), 0.75, 4 / 3.0);
            result.MustBeNear(
                (x, y, channel) =>
                {
                    var value = (double)input.At(x, y, channel) / input.Maximum;
                    var enhanced = Math.Pow(Math.Clamp((value - black) / (white - black), 0, 1), 1 / gamma);
                    return channel == Pixels.Alpha
                        ? input.At(x, y, channel)
                        : input.Maximum * (value + (strength / 100.0 * (enhanced - value)));
                },
                tolerance: 0.006 * input.Maximum);
        }
    }

    private static byte[] Dull(string picture)
    {
        var bands = picture.EndsWith("alpha", StringComparison.Ordinal) ? 4 : 3;
        using var gradient = picture.EndsWith("deep", StringComparison.Ordinal)
            ? GeneratedImages.DeepGradient(80, 60, bands)
            : GeneratedImages.Gradient(80, 60, bands);
        using var colours = gradient.ExtractBand(0, n: 3) * 0.4 + (gradient.Format == NetVips.Enums.BandFormat.Ushort ? 10_000 : 40);
        using var dull = colours.Cast(gradient.Format);
        using var whole = bands == 4 ? dull.Bandjoin(gradient.ExtractBand(3)) : dull.Copy();
        using var described = whole.Copy(interpretation: gradient.Interpretation);
        return GeneratedImages.File(described, "png");
    }

    private async Task<(Pixels Input, Pixels Result)> ConvertAsync(string converter, string picture, string query)
    {
        var client = await converters.ClientAsync(converter);
        var input = Pixels.Of(LosslessPictures.Read(picture));
        var result = Pixels.Of(await client.ConvertedAsync(LosslessPictures.Read(picture), query));
        Assert.Equal(
            (input.Width, input.Height, input.Frames, input.Maximum), (result.Width, result.Height, result.Frames, result.Maximum));
        return (input, result);
    }

    /// <param name="input">What was converted.</param>
    /// <param name="result">What became of it.</param>
    /// <param name="expected">Premultiplied, from 0 to 1.</param>
    /// <param name="tolerance">Of 1.</param>
    private static void MustLookAlike(Pixels input, Pixels result, Func<int, int, int, double> expected, double tolerance)
    {
        for (var y = 0; y < result.Height; y++)
        {
            for (var x = 0; x < result.Width; x++)
            {
                for (var channel = 0; channel < Pixels.Channels; channel++)
                {
                    var alpha = channel == Pixels.Alpha ? 1 : (double)result.At(x, y, Pixels.Alpha) / input.Maximum;
                    var difference = (alpha * result.At(x, y, channel) / input.Maximum) - expected(x, y, channel);
                    Assert.True(Math.Abs(difference) <= tolerance, $"({x}, {y}) channel {channel}: {difference}");
                }
            }
        }
    }

    /// <summary>Premultiplied values from 0 to 1; edges go on beyond each frame.</summary>
    private static double[] Blurred(Pixels image, double radius)
    {
        var reach = (int)Math.Ceiling(4 * radius);
        double[] curve = [.. Enumerable.Range(-reach, (2 * reach) + 1).Select(d => Math.Exp(-d * d / (2 * radius * radius)))];
        var sum = curve.Sum();
        var across = new double[image.Values.Length];
        var both = new double[image.Values.Length];
        double Premultiplied(int x, int y, int channel) => (double)image.At(x, y, channel) / image.Maximum
            * (channel == Pixels.Alpha ? 1 : (double)image.At(x, y, Pixels.Alpha) / image.Maximum);
        for (var i = 0; i < across.Length; i++)
        {
            var (channel, x, y) = (i % Pixels.Channels, i / Pixels.Channels % image.Width, i / Pixels.Channels / image.Width);
            for (var d = -reach; d <= reach; d++)
            {
                across[i] += curve[d + reach] / sum * Premultiplied(Math.Clamp(x + d, 0, image.Width - 1), y, channel);
            }
        }

        for (var i = 0; i < both.Length; i++)
        {
            var y = i / Pixels.Channels / image.Width;
            var (first, last) = (y / image.FrameHeight * image.FrameHeight, ((y / image.FrameHeight) + 1) * image.FrameHeight - 1);
            for (var d = -reach; d <= reach; d++)
            {
                both[i] += curve[d + reach] / sum * across[i + ((Math.Clamp(y + d, first, last) - y) * image.Width * Pixels.Channels)];
            }
        }

        return both;
    }

    /// <summary>The integral of the normal distribution (Abramowitz and Stegun, 26.2.17).</summary>
    private static double Normal(double x)
    {
        var t = 1 / (1 + (0.2316419 * Math.Abs(x)));
        var tail = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI)
            * t * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        return x < 0 ? tail : 1 - tail;
    }

    private static double Linear(double value) => value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);

    private static double Encoded(double light) => light <= 0.0031308 ? 12.92 * light : (1.055 * Math.Pow(light, 1 / 2.4)) - 0.055;
}
