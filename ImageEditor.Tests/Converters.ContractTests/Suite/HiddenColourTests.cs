using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;

namespace ImageEditor.Converters.ContractTests.Suite;

/// <summary>
/// Colours of fully transparent pixels, where cutting out with other software leaves what was there. A result must not depend on them in
/// any way: two pictures that differ in nothing else become the same file, byte by byte.
/// </summary>
public sealed class HiddenColourTests(RunningConverters converters)
{
    [Theory]
    [MemberData(nameof(ConverterUnderTest.PublicNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_ColoursUnderFullTransparency_MakeNoDifference(string name)
    {
        var client = await converters.ClientAsync(name);
        foreach (var (format, bands, isDeep) in HiddenColours.Kinds)
        {
            foreach (var query in (string[])["", "format=png", "format=webp", "format=avif", "format=jpeg"])
            {
                var one = await client.ConvertedAsync(HiddenColours.File(format, bands, isDeep, seed: 1), query);
                var other = await client.ConvertedAsync(HiddenColours.File(format, bands, isDeep, seed: 2), query);

                Assert.True(
                    one.SequenceEqual(other), $"A hidden colour of a {format} of {bands} channels is seen in the result ({query}).");
            }
        }
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.ReaderNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_ColoursUnderFullTransparency_AreNotInTheResult(string name)
    {
        var client = await converters.ClientAsync(name);
        string[] queries = ConverterUnderTest.Named(name).IsPublic ? ["format=png", "format=webp", "format=avif"] : [""];
        var isNegative = ConverterUnderTest.Named(name).IsNegative;
        foreach (var query in queries)
        {
            var result = Pixels.Of(await client.ConvertedAsync(HiddenColours.File("png", bands: 4, isDeep: false, seed: 1), query));

            // What is seen is dark red, what is hidden is light green; of a negative, light blue and purple.
            var hidden = 0;
            for (var i = 0; i < result.Values.Length; i += Pixels.Channels)
            {
                if (result.Values[i + Pixels.Alpha] == 0)
                {
                    hidden++;
                    var (red, green) = (result.Values[i], result.Values[i + 1]);
                    Assert.InRange(isNegative ? red - green : green, int.MinValue, HiddenColours.LightestGreenSeen);
                }
            }

            Assert.InRange(hidden, 1, int.MaxValue);
        }
    }

    [Theory]
    [MemberData(nameof(HiddenColours.Formats), MemberType = typeof(HiddenColours))]
    public void File_OfTwoSeeds_DiffersWhereNothingIsSeen(string format, int bands, bool isDeep)
    {
        using var one = Pixels.Open(HiddenColours.File(format, bands, isDeep, seed: 1));
        using var other = Pixels.Open(HiddenColours.File(format, bands, isDeep, seed: 2));
        using var alpha = one[one.Bands - 1];
        using var differs = one.NotEqual(other).BandOr();
        using var seen = alpha > 0.0;
        using var both = differs & seen;

        Assert.Equal(255, differs.Max());
        Assert.Equal(0, both.Max());
    }
}
