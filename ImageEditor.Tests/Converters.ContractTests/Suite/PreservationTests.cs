using System.Text;
using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;
using NetVips;

namespace ImageEditor.Converters.ContractTests.Suite;

/// <summary>The properties of the input that a result keeps, and those that it drops.</summary>
public sealed class PreservationTests(RunningConverters converters)
{
    [Theory]
    [MemberData(nameof(ConverterUnderTest.PublicNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_AlphaAndDepth_AreKept(string name)
    {
        var client = await converters.ClientAsync(name);
        foreach (var bands in (int[])[1, 2, 3, 4])
        {
            foreach (var format in (string[])["png", "tif"])
            {
                foreach (var image in (Image[])[GeneratedImages.Gradient(40, 30, bands), GeneratedImages.DeepGradient(40, 30, bands)])
                {
                    var input = Pixels.Of(image);

                    var result = Pixels.Of(await client.ConvertedAsync(GeneratedImages.File(image, format)));

                    Assert.Equal((input.Maximum, input.HasAlpha), (result.Maximum, result.HasAlpha));
                }
            }
        }

        Assert.True(
            Pixels.Of(await client.ConvertedAsync(GeneratedImages.File(GeneratedImages.Gradient(40, 30, bands: 4), "webp"))).HasAlpha);
        Assert.True(
            Pixels.Of(await client.ConvertedAsync(GeneratedImages.File(GeneratedImages.Gradient(40, 30, bands: 4), "avif"))).HasAlpha);
        Assert.Equal(
            ushort.MaxValue,
            Pixels.Of(await client.ConvertedAsync(GeneratedImages.File(GeneratedImages.DeepGradient(40, 30), "avif"))).Maximum);
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.PublicNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_WideGamut_KeepsItsProfile(string name)
    {
        var client = await converters.ClientAsync(name);
        foreach (var format in (string[])["jpg", "png", "webp", "avif", "tif"])
        {
            var input = GeneratedImages.File(GeneratedImages.WideGamut(depth: 8), format);
            Assert.NotNull(GeneratedImages.ProfileOf(input));

            var result = await client.ConvertedAsync(input);

            Assert.Equal(
                ConverterUnderTest.Named(name).KeepsColour ? GeneratedImages.ProfileOf(input) : null, GeneratedImages.ProfileOf(result));
        }
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.PublicNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_OtherMetadata_IsDropped(string name)
    {
        var client = await converters.ClientAsync(name);
        foreach (var format in GeneratedImages.Formats)
        {
            var input = GeneratedImages.WithMetadata(format);
            Assert.Contains(GeneratedImages.Secret, Encoding.Latin1.GetString(input), StringComparison.Ordinal);
            foreach (var query in (string[])["", "format=jpeg", "format=png", "format=webp", "format=avif"])
            {
                var result = await client.ConvertedAsync(input, query);

                Assert.DoesNotContain(GeneratedImages.Secret, Encoding.Latin1.GetString(result), StringComparison.Ordinal);
                using var image = Pixels.Open(result);
                Assert.DoesNotContain(image.GetFields(), field =>
                    field is "exif-data" or "xmp-data" or "iptc-data" or "gif-comment" or "image-description"
                        || field.StartsWith("png-comment", StringComparison.Ordinal));
            }
        }
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.PublicNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_Cmyk_BecomesSrgb(string name)
    {
        var client = await converters.ClientAsync(name);
        var (cmyk, rgb) = (
            ConverterUnderTest.Named(name).Shrink("gen_coffee_cmyk.jpg"), ConverterUnderTest.Named(name).Shrink("coffee.png"));
        foreach (var query in (string[])["", "format=png", "format=webp", "format=avif"])
        {
            var result = await client.ConvertedAsync(cmyk, query);

            using var image = Pixels.Open(result);
            Assert.NotEqual(Enums.Interpretation.Cmyk, image.Interpretation);
            Assert.Null(GeneratedImages.ProfileOf(result));

            // No negative: nearer to what becomes of the picture that the photo was made from than to its opposite.
            var coffee = Pixels.Of(await client.ConvertedAsync(rgb));
            var opposite = coffee.Inverted();
            Assert.InRange(Pixels.Of(result).MeanDifference(coffee), 0, 0.5 * Pixels.Of(result).MeanDifference(opposite));
        }
    }
}
