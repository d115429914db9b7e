using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;

namespace ImageEditor.Converters.ContractTests.Suite;

public sealed class PhotosTests(RunningConverters converters)
{
    public static MatrixTheoryData<string, string> Cases => new(ConverterUnderTest.PublicNames.Select(row => row.Data), Photos.Intact);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Convert_SharedPhoto_GivesAWholePictureOfTheSameKind(string name, string photo)
    {
        var client = await converters.ClientAsync(name);
        var converter = ConverterUnderTest.Named(name);
        var file = converter.Shrink(photo);
        var input = Shape.Of(file);

        var answer = await client.ConvertAsync(file);

        var result = Pixels.Of(answer.Body);
        var suffix = Path.GetExtension(photo);
        Assert.Equal(suffix == ".jpg" ? converter.JpegResultType : $"image/{suffix[1..]}", answer.MediaType);
        Assert.Equal(input.Maximum, result.Maximum);
        Assert.Equal((input.Width * converter.Scale, input.Height * converter.Scale), (result.Width, result.Height));
    }
}
