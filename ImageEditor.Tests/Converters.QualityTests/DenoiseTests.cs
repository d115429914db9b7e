using ImageEditor.Converters.Denoise;
using ImageEditor.Converters.Onnx.Tiles;
using ImageEditor.Converters.QualityTests.Support;
using NetVips;

namespace ImageEditor.Converters.QualityTests;

public sealed class DenoiseTests
{
    private const int DefaultLevel = 2;

    [Fact]
    public async Task Denoise_JpegsOfQuality40_ComeNearerToTheOriginal()
    {
        await using var converter = await InProcessConverter.StartAsync(
            (conversion, models) => Denoiser.Apply(conversion, models, DefaultLevel));
        var gains = new List<double>();
        foreach (var name in Photo.WithoutPeople)
        {
            using var photo = Photo.Middle(name, 288);
            using var jpeg = Image.JpegloadBuffer(photo.JpegsaveBuffer(q: 40));
            using var noisy = jpeg.CopyMemory();

            var (clean, _) = await converter.ConvertAsync(noisy);

            gains.Add(Measure.LumaPsnr(clean, photo, border: 0) - Measure.LumaPsnr(noisy, photo, border: 0));
            TestContext.Current.TestOutputHelper!.WriteLine($"{name}: {gains[^1]:+0.00;-0.00} dB");
        }

        Assert.InRange(gains.Average(), 1.2, double.MaxValue);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Denoise_InTiles_IsTheSameAsInOnePiece(int level)
    {
        using var picture = Photo.Middle("coffee.png", 390);
        await using var tiled = await InProcessConverter.StartAsync((conversion, models) => Denoiser.Apply(conversion, models, level));
        await using var whole = await InProcessConverter.StartAsync(
            (conversion, models) => new TiledNetwork(models[$"denoise-{level}"]) { Tile = 1000, Margin = 7 }.Apply(conversion));

        var (inTiles, _) = await tiled.ConvertAsync(picture);
        var (inOnePiece, _) = await whole.ConvertAsync(picture);

        Assert.Equal((390, 390), (inTiles.Width, inTiles.Height));
        // Sums of another order may round one step apart.
        Assert.InRange(Measure.Largest(inTiles, inOnePiece), 0, 1);
    }
}
