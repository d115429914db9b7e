using System.Net;
using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;

namespace ImageEditor.Converters.ContractTests.Suite;

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
    [MemberData(nameof(ConverterUnderTest.PublicNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_EveryFormatToEveryFormat_IsWhatWasAskedFor(string name)
    {
        var client = await converters.ClientAsync(name);
        foreach (var input in GeneratedImages.Formats)
        {
            await MustBeAsync(client, input, query: "", input == "jpg" ? ConverterUnderTest.Named(name).JpegResultType : MediaTypes[input]);
            foreach (var format in (string[])["jpeg", "png", "webp", "avif"])
            {
                await MustBeAsync(client, input, $"format={format}", $"image/{format}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.PublicNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_TransparentToJpeg_IsOnWhite(string name)
    {
        var client = await converters.ClientAsync(name);
        NetVips.Image[] images =
        [
            GeneratedImages.Gradient(64, 64, bands: 4),
            GeneratedImages.DeepGradient(64, 64, bands: 4),
            GeneratedImages.Gradient(64, 64, bands: 2),
        ];
        foreach (var image in images)
        {
            // Fully transparent all over: nothing but the white is seen.
            var alpha = image.Bands - 1;
            using var transparent = image.ExtractBand(0, n: alpha).Bandjoin([0]);

            var result = Pixels.Of(await client.ConvertedAsync(GeneratedImages.File(transparent, "png"), "format=jpeg"));

            result.MustBeNear((_, _, _) => 255, tolerance: 2);
        }
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.PublicNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_Animation_KeepsFramesDelaysAndLoops(string name)
    {
        var client = await converters.ClientAsync(name);
        foreach (var hasAlpha in (bool[])[false, true])
        {
            foreach (var (input, query) in ((string, string)[])[("gif", ""), ("webp", ""), ("gif", "format=webp")])
            {
                using var result = Pixels.Open(await client.ConvertedAsync(GeneratedImages.Animation(input, hasAlpha), query));

                Assert.Equal(GeneratedImages.Delays.Length, result.Height / result.PageHeight);
                Assert.Equal(GeneratedImages.Delays, (int[])result.Get("delay"));
                Assert.Equal(GeneratedImages.Loops, (int)result.Get("loop"));
            }
        }

        using var pages = Pixels.Open(await client.ConvertedAsync(GeneratedImages.Animation("tif", hasAlpha: false)));
        Assert.Equal(GeneratedImages.Delays.Length, pages.Height / pages.PageHeight);
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.PublicNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_AnimationToAStillFormat_IsTheFirstFrame(string name)
    {
        var client = await converters.ClientAsync(name);
        using var animation = Pixels.Open(GeneratedImages.Animation("webp", hasAlpha: false));
        var first = await client.ConvertedAsync(
            GeneratedImages.File(animation.Crop(0, 0, animation.Width, animation.PageHeight), "png"), "format=png");
        foreach (var format in (string[])["jpeg", "png", "avif"])
        {
            var result = Pixels.Of(await client.ConvertedAsync(GeneratedImages.Animation("gif", hasAlpha: false), $"format={format}"));

            Assert.Equal(1, result.Frames);
            Assert.InRange(result.MeanDifference(Pixels.Of(first)), 0, Math.Max(0.02, ConverterUnderTest.Named(name).RoundingTolerance));
        }
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.PublicNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_Quality_IsThatOfFormatsThatLoseSomething(string name)
    {
        var client = await converters.ClientAsync(name);
        var photo = GeneratedImages.Shrunk("chelsea.png", Math.Min(30_000, ConverterUnderTest.Named(name).MaxPixels));
        foreach (var format in (string[])["jpeg", "webp", "avif"])
        {
            var (coarse, fine) = (
                await client.ConvertedAsync(photo, $"format={format}&quality=5"),
                await client.ConvertedAsync(photo, $"format={format}&quality=98"));

            Assert.True(coarse.Length < 0.95 * fine.Length, $"{format}: {coarse.Length} and {fine.Length} bytes");
        }

        Assert.Equal(
            Pixels.Of(await client.ConvertedAsync(photo, "format=png")).Values,
            Pixels.Of(await client.ConvertedAsync(photo, "format=png&quality=5")).Values);
    }

    private static async Task MustBeAsync(ConverterClient client, string input, string query, string mediaType)
    {
        var answer = await client.ConvertAsync(GeneratedImages.Small(input), query);

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
