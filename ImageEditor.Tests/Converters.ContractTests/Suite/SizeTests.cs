using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;

namespace ImageEditor.Converters.ContractTests.Suite;

public sealed class SizeTests(RunningConverters converters)
{
    [Theory]
    [MemberData(nameof(ConverterUnderTest.PublicNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_TinyAndExtremeSizes_Work(string name)
    {
        var client = await converters.ClientAsync(name);
        foreach (var format in GeneratedImages.Formats)
        {
            foreach (var (width, height) in ((int, int)[])[(1, 1), (1, 2), (3, 1), (1, 3000), (3000, 1), (17, 33)])
            {
                var result = Pixels.Of(await client.ConvertedAsync(GeneratedImages.GradientFile(width, height, format)));

                Assert.Equal(width * result.Height, height * result.Width);
            }
        }
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.PublicNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_LongestSide_Works(string name)
    {
        var client = await converters.ClientAsync(name);
        var side = ConverterUnderTest.Named(name).MaxSide;
        foreach (var (width, height) in ((int, int)[])[(side, 1), (1, side)])
        {
            foreach (var query in (string[])["", "format=jpeg", "format=webp", "format=avif"])
            {
                Pixels.Of(await client.ConvertedAsync(GeneratedImages.GradientFile(width, height, "png"), query));
            }
        }
    }
}
