using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;

namespace ImageEditor.Converters.ContractTests.Formulas;

public sealed class FlipHorizontalTests(RunningConverters converters)
{
    [Theory]
    [MemberData(nameof(LosslessPictures.Names), MemberType = typeof(LosslessPictures))]
    public async Task Convert_LosslessPicture_IsExactlyMirrored(string picture)
    {
        var client = await converters.ClientAsync("flip-horizontal");
        var input = Pixels.Of(LosslessPictures.Read(picture));

        var result = Pixels.Of(await client.ConvertedAsync(LosslessPictures.Read(picture)));

        Assert.Equal(
            (input.Width, input.Height, input.Frames, input.Maximum), (result.Width, result.Height, result.Frames, result.Maximum));
        result.MustBeNear((x, y, channel) => input.At(input.Width - 1 - x, y, channel), tolerance: 0);
    }

    [Fact]
    public async Task Convert_Twice_IsTheInput()
    {
        var client = await converters.ClientAsync("flip-horizontal");
        var input = Photos.Read("coffee.png");

        var result = Pixels.Of(await client.ConvertedAsync(await client.ConvertedAsync(input)));

        Assert.Equal(Pixels.Of(input).Values, result.Values);
    }
}
