using ImageEditor.Converters.QualityTests.Support;
using ImageEditor.Converters.Upscale;
using NetVips;

namespace ImageEditor.Converters.QualityTests;

public sealed class UpscaleTests
{
    /// <remarks>
    /// As the field measures it: the part of a photo with the most detail, made smaller with an antialiased bicubic filter, and enlarged
    /// again.
    /// </remarks>
    [Theory]
    [InlineData(2, 192, 1.3)]
    [InlineData(4, 288, 1.0)]
    public async Task Upscale_PhotosMadeSmaller_BeatsBicubic(int scale, int side, double gain)
    {
        await using var converter = await InProcessConverter.StartAsync((conversion, models) => Upscaler.Apply(conversion, models, scale));
        var gains = new List<double>();
        foreach (var name in Photo.WithoutPeople)
        {
            using var photo = Photo.MostDetailed(name, side);
            using var small = Measure.Bicubic(photo, side / scale);
            using var bicubic = Measure.Bicubic(small, side);

            var (upscaled, _) = await converter.ConvertAsync(small);

            gains.Add(Measure.LumaPsnr(upscaled, photo, border: 2 * scale) - Measure.LumaPsnr(bicubic, photo, border: 2 * scale));
            TestContext.Current.TestOutputHelper!.WriteLine($"{name}: {gains[^1]:+0.00;-0.00} dB");
        }

        Assert.InRange(gains.Average(), gain, double.MaxValue);
    }

    [Fact]
    public async Task Upscale_SmoothPictures_KeepTheirColours()
    {
        using var ramps = Image.Xyz(96, 96).Linear([2.0, 1.0], [30, 60]);
        using var blue = ramps[0].Linear([-1], [250]);
        using var picture = ramps.Bandjoin(blue).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        await using var converter = await InProcessConverter.StartAsync((conversion, models) => Upscaler.Apply(conversion, models, 2));

        var (result, _) = await converter.ConvertAsync(picture);

        using var expected = Measure.Bicubic(picture, 192);
        Assert.InRange(Measure.LumaPsnr(result, expected, border: 4), 48, double.MaxValue);
        Assert.InRange(Math.Abs(result.Avg() - expected.Avg()), 0, 0.1);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Upscale_InTiles_IsTheSameAsInOnePiece(int scale)
    {
        using var photo = Photo.Middle("chelsea.png", 300);
        using var picture = photo.Crop(0, 0, 200, 170);
        await using var tiled = await InProcessConverter.StartAsync((conversion, models) => Upscaler.Apply(conversion, models, scale));
        await using var whole = await InProcessConverter.StartAsync(
            (conversion, models) => Upscaler.Apply(conversion, models, scale, tile: 1000));

        var (inTiles, _) = await tiled.ConvertAsync(picture);
        var (inOnePiece, _) = await whole.ConvertAsync(picture);

        TestContext.Current.TestOutputHelper!.WriteLine($"largest difference {Measure.Largest(inTiles, inOnePiece)}");
        Assert.InRange(Measure.Largest(inTiles, inOnePiece), 0, 2);
    }

    [Fact]
    public async Task Upscale_CutOutWithBlackBelow_HasNoDarkEdge()
    {
        using var disc = (Image.Xyz(64, 64) - 32.0) * (Image.Xyz(64, 64) - 32.0);
        using var alpha = ((disc[0] + disc[1]) < 24.0 * 24.0).Cast(Enums.BandFormat.Uchar);
        using var colours = alpha.Bandjoin([alpha, alpha]).Copy(interpretation: Enums.Interpretation.Srgb);
        using var picture = colours.Bandjoin(alpha);
        await using var converter = await InProcessConverter.StartAsync((conversion, models) => Upscaler.Apply(conversion, models, 2));

        var (result, _) = await converter.ConvertAsync(picture);

        Assert.Equal((128, 128, 4), (result.Width, result.Height, result.Bands));
        using var visible = result[3] > 16.0;
        using var darkest = visible.Ifthenelse(result.ExtractBand(0, n: 3), 255);
        Assert.InRange(darkest.Min(), 225, 255);
    }
}
