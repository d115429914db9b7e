using System.Text;
using ImageEditor.Tests.Contract.Converters;
using ImageEditor.Tests.Contract.Pictures;
using NetVips;

namespace ImageEditor.Tests.Contract.Suite;

/// <summary>What a result keeps of its input, and what not.</summary>
public sealed class KeptTests(RunningConverters converters)
{
    [Theory]
    [MemberData(nameof(ConverterUnderTest.Names), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_AlphaAndDepth_AreKept(string name)
    {
        var client = await converters.ClientAsync(name);
        foreach (var bands in (int[])[1, 2, 3, 4])
        {
            foreach (var format in (string[])["png", "tif"])
            {
                foreach (var image in (Image[])[Made.Gradient(40, 30, bands), Made.DeepGradient(40, 30, bands)])
                {
                    var input = Pixels.Of(image);

                    var result = Pixels.Of(await client.ConvertedAsync(Made.File(image, format)));

                    Assert.Equal((input.Maximum, input.HasAlpha), (result.Maximum, result.HasAlpha));
                }
            }
        }

        Assert.True(Pixels.Of(await client.ConvertedAsync(Made.File(Made.Gradient(40, 30, bands: 4), "webp"))).HasAlpha);
        Assert.True(Pixels.Of(await client.ConvertedAsync(Made.File(Made.Gradient(40, 30, bands: 4), "avif"))).HasAlpha);
        Assert.Equal(ushort.MaxValue, Pixels.Of(await client.ConvertedAsync(Made.File(Made.DeepGradient(40, 30), "avif"))).Maximum);
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.Names), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_WideGamut_KeepsItsProfile(string name)
    {
        var client = await converters.ClientAsync(name);
        foreach (var format in (string[])["jpg", "png", "webp", "avif", "tif"])
        {
            var input = Made.File(Made.WideGamut(depth: 8), format);
            Assert.NotNull(Made.ProfileOf(input));

            var result = await client.ConvertedAsync(input);

            Assert.Equal(ConverterUnderTest.Named(name).KeepsColour ? Made.ProfileOf(input) : null, Made.ProfileOf(result));
        }
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.Names), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_OtherMetadata_IsDropped(string name)
    {
        var client = await converters.ClientAsync(name);
        foreach (var format in Made.Formats)
        {
            var input = Made.WithMetadata(format);
            Assert.Contains(Made.Secret, Encoding.Latin1.GetString(input), StringComparison.Ordinal);
            foreach (var query in (string[])["", "format=jpeg", "format=png", "format=webp", "format=avif"])
            {
                var result = await client.ConvertedAsync(input, query);

                Assert.DoesNotContain(Made.Secret, Encoding.Latin1.GetString(result), StringComparison.Ordinal);
                using var image = Pixels.Open(result);
                Assert.DoesNotContain(image.GetFields(), field =>
                    field is "exif-data" or "xmp-data" or "iptc-data" or "gif-comment" or "image-description" || field.StartsWith("png-comment", StringComparison.Ordinal));
            }
        }
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.Names), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_Cmyk_BecomesSrgb(string name)
    {
        var client = await converters.ClientAsync(name);
        var (cmyk, rgb) = (ConverterUnderTest.Named(name).Sized("gen_coffee_cmyk.jpg"), ConverterUnderTest.Named(name).Sized("coffee.png"));
        foreach (var query in (string[])["", "format=png", "format=webp", "format=avif"])
        {
            var result = await client.ConvertedAsync(cmyk, query);

            using var image = Pixels.Open(result);
            Assert.NotEqual(Enums.Interpretation.Cmyk, image.Interpretation);
            Assert.Null(Made.ProfileOf(result));

            // No negative: nearer to what becomes of the picture that the photo was made from than to its opposite.
            var coffee = Pixels.Of(await client.ConvertedAsync(rgb));
            var opposite = coffee with { Values = [.. coffee.Values.Select((value, i) => i % Pixels.Channels == Pixels.Alpha ? value : (ushort)(255 - value))] };
            Assert.InRange(Pixels.Of(result).MeanDifference(coffee), 0, 0.5 * Pixels.Of(result).MeanDifference(opposite));
        }
    }
}
