using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;
using NetVips;

namespace ImageEditor.Converters.ContractTests.Formulas;

public sealed class GrayscaleTests(RunningConverters converters)
{
    [Theory]
    [MemberData(nameof(LosslessPictures.Names), MemberType = typeof(LosslessPictures))]
    public async Task Convert_LosslessPicture_FollowsTheFormula(string picture)
    {
        var client = await converters.ClientAsync("grayscale");
        var input = InSrgb(LosslessPictures.Read(picture));

        var result = Pixels.Of(await client.ConvertedAsync(LosslessPictures.Read(picture)));

        Assert.Equal((input.Width, input.Height, input.Frames), (result.Width, result.Height, result.Frames));
        result.MustBeNear(
            (x, y, channel) =>
                (channel == Pixels.Alpha ? input.At(x, y, channel) / (double)input.Maximum : Grey(input, x, y)) * result.Maximum,
            tolerance: 1);
    }

    [Theory]
    [InlineData("png")]
    [InlineData("tif")]
    [InlineData("jpg")]
    public async Task Convert_Result_HasOneChannelAndNoProfile(string format)
    {
        var client = await converters.ClientAsync("grayscale");

        var result = await client.ConvertedAsync(GeneratedImages.File(GeneratedImages.WideGamut(depth: 8), format));

        Assert.True(Pixels.Of(result).IsGrey);
        Assert.Null(GeneratedImages.ProfileOf(result));
    }

    [Fact]
    public async Task Convert_WideGamut_IsTheGreyOfTheSameColoursInSrgb()
    {
        var client = await converters.ClientAsync("grayscale");
        using var srgb = GeneratedImages.Muted(depth: 16);
        var colours = Pixels.Of(srgb);

        var result = Pixels.Of(await client.ConvertedAsync(GeneratedImages.File(GeneratedImages.WideGamut(depth: 16), "png")));

        // One step of 8 bits: colour went through two conversions of 16 bits.
        result.MustBeNear((x, y, channel) => channel == Pixels.Alpha ? 65535 : 65535 * Grey(colours, x, y), tolerance: 257);
    }

    /// <summary>Colours as 16-bit sRGB if the file has a profile, as they are if it has none.</summary>
    private static Pixels InSrgb(byte[] file)
    {
        if (GeneratedImages.ProfileOf(file) is null)
        {
            return Pixels.Of(file);
        }

        using var image = Pixels.Open(file);
        using var converted = image.IccTransform("srgb", intent: Enums.Intent.Relative, embedded: true, depth: 16);
        return Pixels.Of(converted);
    }

    /// <summary>Luminance (Rec. ITU-R BT.709) of linear light, encoded as sRGB (IEC 61966-2-1), from 0 to 1.</summary>
    private static double Grey(Pixels pixels, int x, int y)
    {
        var light = 0.2126 * Light(0) + 0.7152 * Light(1) + 0.0722 * Light(2);
        return light <= 0.0031308 ? 12.92 * light : 1.055 * Math.Pow(light, 1 / 2.4) - 0.055;

        double Light(int channel)
        {
            var value = pixels.At(x, y, channel) / (double)pixels.Maximum;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }
    }
}
