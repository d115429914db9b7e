using ImageEditor.Tests.Contract.Converters;
using ImageEditor.Tests.Contract.Pictures;

namespace ImageEditor.Tests.Contract.Each;

public sealed class ContrastTests(RunningConverters converters)
{
    private const int Default = 30;

    public static MatrixTheoryData<string, int> Cases => new(Lossless.Names.Select(row => row.Data), [-100, -40, 0, Default, 100]);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Convert_LosslessPicture_FollowsTheFormula(string picture, int amount)
    {
        var client = await converters.ClientAsync("contrast");
        var input = Pixels.Of(Lossless.Read(picture));

        var result = Pixels.Of(await client.ConvertedAsync(Lossless.Read(picture), amount == Default ? "" : $"amount={amount}"));

        var c = 2.55 * amount;
        var f = 259 * (c + 255) / (255 * (259 - c));
        double Expected(int x, int y, int channel)
        {
            // In units of 8 bits.
            var v = input.At(x, y, channel) * 255.0 / input.Maximum;
            return (channel == Pixels.Alpha ? v : Math.Clamp(f * (v - 128) + 128, 0, 255)) * input.Maximum / 255;
        }

        result.MustBeNear(Expected, tolerance: 1);
    }
}
