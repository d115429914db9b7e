using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;

namespace ImageEditor.Converters.ContractTests.Formulas;

public sealed class ContrastTests(RunningConverters converters)
{
    private const int Default = 30;

    public static MatrixTheoryData<string, int> Cases => new(LosslessPictures.Names.Select(row => row.Data), [-99, -40, 0, Default, 100]);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Convert_LosslessPicture_FollowsTheFormula(string picture, int amount)
    {
        var client = await converters.ClientAsync("contrast");
        var input = Pixels.Of(LosslessPictures.Read(picture));

        var result = Pixels.Of(await client.ConvertedAsync(LosslessPictures.Read(picture), amount == Default ? "" : $"amount={amount}"));

        var c = 2.55 * amount;
        var f = 259 * (c + 255) / (255 * (259 - c));
        double Expected(int x, int y, int channel)
        {
            // In units of 8 bits.
            var v = input.At(x, y, channel) * 255.0 / input.Maximum;
            return (channel == Pixels.Alpha ? v : Math.Clamp(f * (v - 128) + 128, 0, 255)) * input.Maximum / 255;
        }

        Assert.Equal((input.Width, input.Height, input.Frames), (result.Width, result.Height, result.Frames));
        result.MustBeNear(Expected, tolerance: 1);
    }

    [Fact]
    public async Task Convert_Least_IsPlainGrey()
    {
        var client = await converters.ClientAsync("contrast");

        var result = Pixels.Of(await client.ConvertedAsync(Photos.Read("coffee.png"), "amount=-100"));

        result.MustBeNear((_, _, channel) => channel == Pixels.Alpha ? 255 : 128, tolerance: 0);
    }
}
