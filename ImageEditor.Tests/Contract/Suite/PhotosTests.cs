using ImageEditor.Tests.Contract.Converters;
using ImageEditor.Tests.Contract.Pictures;

namespace ImageEditor.Tests.Contract.Suite;

public sealed class PhotosTests(RunningConverters converters)
{
    public static MatrixTheoryData<string, string> Cases => new(ConverterUnderTest.Names.Select(row => row.Data), Photos.Whole);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Convert_SharedPhoto_GivesAWholePictureOfTheSameKind(string name, string photo)
    {
        var client = await converters.ClientAsync(name);
        var input = Pixels.Of(Photos.Read(photo));

        var answer = await client.ConvertAsync(Photos.Read(photo));

        var result = Pixels.Of(answer.Body);
        Assert.Equal(Path.GetExtension(photo).Replace("jpg", "jpeg", StringComparison.Ordinal), "." + answer.MediaType!["image/".Length..]);
        Assert.Equal(input.Maximum, result.Maximum);
        Assert.Equal(input.Width * result.Height, input.Height * result.Width);
    }
}
