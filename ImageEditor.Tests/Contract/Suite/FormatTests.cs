using System.Net;
using ImageEditor.Tests.Contract.Converters;
using ImageEditor.Tests.Contract.Pictures;

namespace ImageEditor.Tests.Contract.Suite;

public sealed class FormatTests(RunningConverters converters)
{
    private static readonly Dictionary<string, string> MediaTypes = new()
    {
        ["jpg"] = "image/jpeg",
        ["png"] = "image/png",
        ["webp"] = "image/webp",
        ["gif"] = "image/gif",
        ["avif"] = "image/avif",
        ["tif"] = "image/tiff",
    };

    [Theory]
    [MemberData(nameof(ConverterUnderTest.Names), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_EveryFormatToEveryFormat_IsWhatWasAskedFor(string name)
    {
        var client = await converters.ClientAsync(name);
        foreach (var input in Made.Formats)
        {
            await MustBeAsync(client, input, query: "", input == "jpg" ? ConverterUnderTest.Named(name).OfJpeg : MediaTypes[input]);
            foreach (var format in (string[])["jpeg", "png", "webp", "avif"])
            {
                await MustBeAsync(client, input, $"format={format}", $"image/{format}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.Names), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_TransparentToJpeg_IsOnWhite(string name)
    {
        var client = await converters.ClientAsync(name);
        foreach (var image in (NetVips.Image[])[Made.Gradient(64, 64, bands: 4), Made.DeepGradient(64, 64, bands: 4), Made.Gradient(64, 64, bands: 2)])
        {
            // Fully transparent all over: nothing but the white is seen.
            var alpha = image.Bands - 1;
            using var transparent = image.ExtractBand(0, n: alpha).Bandjoin([0]);

            var result = Pixels.Of(await client.ConvertedAsync(Made.File(transparent, "png"), "format=jpeg"));

            result.MustBeNear((_, _, _) => 255, tolerance: 2);
        }
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.Names), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_Animation_KeepsFramesDelaysAndLoops(string name)
    {
        var client = await converters.ClientAsync(name);
        foreach (var hasAlpha in (bool[])[false, true])
        {
            foreach (var (input, query) in ((string, string)[])[("gif", ""), ("webp", ""), ("gif", "format=webp")])
            {
                using var result = Pixels.Open(await client.ConvertedAsync(Made.Animation(input, hasAlpha), query));

                Assert.Equal(Made.Delays.Length, result.Height / result.PageHeight);
                Assert.Equal(Made.Delays, (int[])result.Get("delay"));
                Assert.Equal(Made.Loops, (int)result.Get("loop"));
            }
        }

        using var pages = Pixels.Open(await client.ConvertedAsync(Made.Animation("tif", hasAlpha: false)));
        Assert.Equal(Made.Delays.Length, pages.Height / pages.PageHeight);
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.Names), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_AnimationToAStillFormat_IsTheFirstFrame(string name)
    {
        var client = await converters.ClientAsync(name);
        using var animation = Pixels.Open(Made.Animation("webp", hasAlpha: false));
        var first = await client.ConvertedAsync(Made.File(animation.Crop(0, 0, animation.Width, animation.PageHeight), "png"), "format=png");
        foreach (var format in (string[])["jpeg", "png", "avif"])
        {
            var result = Pixels.Of(await client.ConvertedAsync(Made.Animation("gif", hasAlpha: false), $"format={format}"));

            Assert.Equal(1, result.Frames);
            Assert.InRange(result.MeanDifference(Pixels.Of(first)), 0, Math.Max(0.02, ConverterUnderTest.Named(name).RoundingTolerance));
        }
    }

    private static async Task MustBeAsync(ConverterClient client, string input, string query, string mediaType)
    {
        var answer = await client.ConvertAsync(Made.Small(input), query);

        Assert.True(answer.Status == HttpStatusCode.OK, $"{input} {query}: {answer.Text}");
        Assert.Equal(mediaType, answer.MediaType);
        Assert.Equal(mediaType, MediaTypeOf(answer.Body));
        Assert.Equal(1, Pixels.Of(answer.Body).Frames);
    }

    private static string MediaTypeOf(ReadOnlySpan<byte> file) =>
        file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]) ? "image/jpeg"
        : file[1..4].SequenceEqual("PNG"u8) ? "image/png"
        : file[8..12].SequenceEqual("WEBP"u8) ? "image/webp"
        : file.StartsWith("GIF89a"u8) ? "image/gif"
        : file[4..12].SequenceEqual("ftypavif"u8) ? "image/avif"
        : file.StartsWith("II*"u8) ? "image/tiff"
        : "?";
}
