using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;

namespace ImageEditor.Converters.ContractTests.Formulas;

public sealed class FlipVerticalTests(RunningConverters converters)
{
    [Theory]
    [MemberData(nameof(LosslessPictures.Names), MemberType = typeof(LosslessPictures))]
    public async Task Convert_LosslessPicture_IsExactlyMirroredFrameByFrame(string picture)
    {
        var client = await converters.ClientAsync("flip-vertical");
        var input = Pixels.Of(LosslessPictures.Read(picture));

        var result = Pixels.Of(await client.ConvertedAsync(LosslessPictures.Read(picture)));

        Assert.Equal(
            (input.Width, input.Height, input.Frames, input.Maximum), (result.Width, result.Height, result.Frames, result.Maximum));
        var height = input.FrameHeight;
        result.MustBeNear(
            (x, y, channel) => input.At(x, (y / height * height) + height - 1 - (y % height), channel), tolerance: 0);
    }
}
