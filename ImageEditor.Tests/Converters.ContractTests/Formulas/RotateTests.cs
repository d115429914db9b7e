using System.Globalization;
using System.Net;
using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;

namespace ImageEditor.Converters.ContractTests.Formulas;

public sealed class RotateTests(RunningConverters converters)
{
    public static MatrixTheoryData<string, int> QuarterTurns =>
        new(LosslessPictures.Names.Select(row => row.Data), [-180, -90, 0, 90, 180]);

    public static MatrixTheoryData<string, double, string> Turns => new(
        ["rgb", "rgb-alpha", "grey", "deep", "deep-alpha"], [5, -33.3, 117.5], ["fit=crop", "fit=expand&color=%23ff8000"]);

    [Theory]
    [MemberData(nameof(QuarterTurns))]
    public async Task Convert_QuarterTurn_KeepsEveryPixelOfEachFrame(string picture, int angle)
    {
        var client = await converters.ClientAsync("rotate");
        var input = Pixels.Of(LosslessPictures.Read(picture));

        var result = Pixels.Of(await client.ConvertedAsync(LosslessPictures.Read(picture), $"angle={angle}"));

        var (width, height) = (input.Width, input.FrameHeight);
        var isUpright = angle % 180 == 0;
        Assert.Equal(
            (isUpright ? width : height, isUpright ? height : width, input.Frames, input.Maximum),
            (result.Width, result.FrameHeight, result.Frames, result.Maximum));
        double Expected(int x, int y, int channel)
        {
            var (frame, row) = Math.DivRem(y, result.FrameHeight);
            var (fromX, fromY) = angle switch
            {
                0 => (x, row),
                90 => (row, height - 1 - x),
                -90 => (width - 1 - row, x),
                _ => (width - 1 - x, height - 1 - row),
            };
            return input.At(fromX, (frame * height) + fromY, channel);
        }

        result.MustBeNear(Expected, tolerance: 0);
    }

    /// <summary>
    /// Compared with Keys' bicubic interpolation (a = -0.5) of premultiplied values, computed place by place. libvips knows 64 places
    /// between two pixels, and what is not within the picture mixes with the ground.
    /// </summary>
    [Theory]
    [MemberData(nameof(Turns))]
    public async Task Convert_AnyAngle_IsTheBicubicPictureAboutTheSameMiddle(string picture, double angle, string query)
    {
        var client = await converters.ClientAsync("rotate");
        const int width = 90;
        const int height = 60;
        using var image = picture switch
        {
            "rgb" => GeneratedImages.Gradient(width, height),
            "rgb-alpha" => GeneratedImages.Gradient(width, height, bands: 4),
            "grey" => GeneratedImages.Gradient(width, height, bands: 1),
            "deep" => GeneratedImages.DeepGradient(width, height),
            _ => GeneratedImages.DeepGradient(width, height, bands: 4),
        };
        var input = Pixels.Of(image);

        var result = Pixels.Of(await client.ConvertedAsync(
            GeneratedImages.File(image, "png"), string.Create(CultureInfo.InvariantCulture, $"angle={angle}&{query}")));

        var isExpanded = query.StartsWith("fit=expand", StringComparison.Ordinal);
        var (sine, cosine) = Math.SinCos(angle * Math.PI / 180);
        if (isExpanded)
        {
            Assert.Equal(
                (Math.Ceiling((width * Math.Abs(cosine)) + (height * Math.Abs(sine))),
                    Math.Ceiling((width * Math.Abs(sine)) + (height * Math.Abs(cosine)))),
                (result.Width, result.Height));
        }

        double[] ground = [1, 128 / 255.0, 0, 1];
        var compared = 0;
        for (var y = 0; y < result.Height; y++)
        {
            for (var x = 0; x < result.Width; x++)
            {
                var (right, down) = (x - ((result.Width - 1) / 2.0), y - ((result.Height - 1) / 2.0));
                var fromX = (cosine * right) + (sine * down) + ((width - 1) / 2.0);
                var fromY = (-sine * right) + (cosine * down) + ((height - 1) / 2.0);
                var isInside = fromX >= 2 && fromX <= width - 3 && fromY >= 2 && fromY <= height - 3;
                var isOutside = fromX < -3 || fromX > width + 2 || fromY < -3 || fromY > height + 2;

                // Cropped to what is filled: no place lies outside, by more than the half of a pixel that its middle is away from its edge.
                Assert.True(
                    isExpanded || (fromX > -0.51 && fromX < width - 0.49 && fromY > -0.51 && fromY < height - 0.49), $"({x}, {y})");
                if (!isInside && !isOutside)
                {
                    continue;
                }

                compared++;
                var expected = isInside ? Interpolated(input, fromX, fromY) : ground;
                for (var channel = 0; channel < Pixels.Channels; channel++)
                {
                    // What is seen: a colour counts as far as it is opaque.
                    var alpha = channel == Pixels.Alpha ? 1 : (double)result.At(x, y, Pixels.Alpha) / result.Maximum;
                    var seen = (double)result.At(x, y, channel) / result.Maximum * alpha;
                    var expectedSeen = channel == Pixels.Alpha ? expected[channel] : expected[channel] * (isInside ? 1 : alpha);
                    Assert.InRange(seen - expectedSeen, -0.012, 0.012);
                }
            }
        }

        Assert.InRange(compared, result.Width * result.Height / 2, int.MaxValue);
    }

    /// <summary>Found by trying: no rectangle about the middle with another ratio is larger.</summary>
    [Theory]
    [InlineData(300, 200, 5)]
    [InlineData(300, 200, 45)]
    [InlineData(200, 300, -60)]
    [InlineData(300, 20, 30)]
    [InlineData(20, 300, 80)]
    [InlineData(128, 128, 135)]
    public async Task Convert_Cropped_KeepsTheLargestFilledRectangle(int width, int height, double angle)
    {
        var client = await converters.ClientAsync("rotate");

        var result = Pixels.Of(await client.ConvertedAsync(GeneratedImages.GradientFile(width, height, "png"), $"angle={angle}"));

        var (s, c) = (Math.Abs(Math.Sin(angle * Math.PI / 180)), Math.Abs(Math.Cos(angle * Math.PI / 180)));
        var best = 0.0;
        for (var i = 1; i < 9_000; i++)
        {
            // Its corners, turned back, are within the picture: w·c + h·s ≤ width and w·s + h·c ≤ height.
            var ratio = Math.Tan(i * Math.PI / 18_000);
            var w = Math.Min(width / (c + (ratio * s)), height / (s + (ratio * c)));
            best = Math.Max(best, w * w * ratio);
        }

        Assert.InRange((result.Width + 1) * (result.Height + 1), best, double.MaxValue);
        Assert.InRange(result.Width * result.Height, 0, best * 1.0001);
    }

    [Fact]
    public async Task Convert_TransparentCorners_MakeAJpegAPng()
    {
        var client = await converters.ClientAsync("rotate");
        var jpeg = GeneratedImages.GradientFile(60, 40, "jpg");

        var answer = await client.ConvertAsync(new ByteArrayContent(jpeg), "angle=20&fit=expand&background=transparent");

        Assert.Equal("image/png", answer.MediaType);
        var result = Pixels.Of(answer.Body);
        Assert.Equal(0, result.At(0, 0, Pixels.Alpha));
        Assert.Equal(255, result.At(result.Width / 2, result.Height / 2, Pixels.Alpha));
        Assert.Equal("image/jpeg", (await client.ConvertAsync(jpeg, "angle=20&fit=expand")).MediaType);
    }

    [Fact]
    public async Task Convert_ColouredCorners_OfAWideGamut_ShowTheSameColour()
    {
        var client = await converters.ClientAsync("rotate");
        using var image = GeneratedImages.WideGamut(depth: 8);

        var file = await client.ConvertedAsync(GeneratedImages.File(image, "png"), "angle=20&fit=expand&color=%231e90ff");

        using var result = Pixels.Open(file);
        using var srgb = result.IccTransform("srgb", embedded: true, intent: NetVips.Enums.Intent.Relative);
        var corner = srgb.Getpoint(0, 0);
        Assert.All(corner.Zip([0x1e, 0x90, 0xff]), pair => Assert.InRange(pair.First - pair.Second, -2.0, 2.0));
    }

    [Fact]
    public async Task Convert_Animation_TurnsEachFrame()
    {
        var client = await converters.ClientAsync("rotate");
        foreach (var format in (string[])["gif", "webp", "tif"])
        {
            using var result = Pixels.Open(
                await client.ConvertedAsync(GeneratedImages.Animation(format, hasAlpha: false), "angle=30&fit=expand"));

            Assert.Equal((GeneratedImages.Delays.Length, 52), (result.Height / result.PageHeight, result.PageHeight));
        }
    }

    /// <summary>49 megapixels that would become more than 50: refused before a pixel is decoded.</summary>
    [Fact]
    public async Task Convert_ResultPastTheLimit_Is422()
    {
        var client = await converters.ClientAsync("rotate");

        (await client.ConvertAsync(HandmadeFiles.HugePng(7_000, 7_000), "angle=45&fit=expand"))
            .MustBeProblem(HttpStatusCode.UnprocessableEntity, "too-many-pixels");
        (await client.ConvertAsync(HandmadeFiles.HugePng(16_383, 100), "angle=0.1&fit=expand&format=png"))
            .MustBeProblem(HttpStatusCode.UnprocessableEntity, "side-too-long");
    }

    /// <summary>Red, green, blue and alpha from 0 to 1, colours premultiplied.</summary>
    private static double[] Interpolated(Pixels image, double x, double y)
    {
        var (left, top) = ((int)Math.Floor(x), (int)Math.Floor(y));
        var sums = new double[Pixels.Channels];
        for (var row = -1; row <= 2; row++)
        {
            for (var column = -1; column <= 2; column++)
            {
                var weight = Keys(x - (left + column)) * Keys(y - (top + row));
                var alpha = (double)image.At(left + column, top + row, Pixels.Alpha) / image.Maximum;
                for (var channel = 0; channel < Pixels.Alpha; channel++)
                {
                    sums[channel] += weight * alpha * image.At(left + column, top + row, channel) / image.Maximum;
                }

                sums[Pixels.Alpha] += weight * alpha;
            }
        }

        return sums;
    }

    private static double Keys(double distance)
    {
        var d = Math.Abs(distance);
        return d < 1 ? (1.5 * d * d * d) - (2.5 * d * d) + 1
            : d < 2 ? (-0.5 * d * d * d) + (2.5 * d * d) - (4 * d) + 2
            : 0;
    }
}
