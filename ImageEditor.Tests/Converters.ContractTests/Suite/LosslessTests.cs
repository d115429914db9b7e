using System.Net;
using System.Text.Json.Nodes;
using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;

namespace ImageEditor.Converters.ContractTests.Suite;

/// <summary>
/// What goes from step to step of a recipe: nothing is lost between them, and the last one answers as if it were the only one.
/// </summary>
public sealed class LosslessTests(RunningConverters converters)
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
    public async Task Convert_BetweenSteps_IsAPngOrRefused(string name)
    {
        var client = await converters.ClientAsync(name);
        var descriptor = await client.DescriptorAsync();

        var result = await client.ConvertAsync(GeneratedImages.Small("png"), "format=lossless");

        if (!(bool)descriptor["lossless"]!)
        {
            result.MustBeProblem(HttpStatusCode.BadRequest, "invalid-parameters");
        }
        else if (result.Status == HttpStatusCode.OK)
        {
            Assert.Equal(("image/png", "png-8-lossless-full"), (result.MediaType, result.Original));
        }
        else
        {
            // There is nobody in it to cut out.
            result.MustBeProblem(HttpStatusCode.UnprocessableEntity, "nobody-found");
        }

        Assert.DoesNotContain("lossless", SchemaOf(descriptor), StringComparison.Ordinal);
        (await client.ConvertAsync(GeneratedImages.Small("png"), "as=bmp-8"))
            .MustBeProblem(HttpStatusCode.BadRequest, "invalid-parameters");
    }

    [Theory]
    [InlineData("flip-horizontal")]
    [InlineData("pixelate")]
    [InlineData("flip-vertical")]
    public async Task Convert_InTheLastStep_AnswersInTheOriginalsFormat(string name)
    {
        var client = await converters.ClientAsync(name);
        foreach (var format in GeneratedImages.Formats)
        {
            var file = GeneratedImages.Small(format);
            var inner = await client.ConvertAsync(file, "format=lossless");
            Assert.Equal((HttpStatusCode.OK, "image/png"), (inner.Status, inner.MediaType));

            var last = await client.ConvertAsync(inner.Body, "as=" + inner.Original);

            Assert.Equal((HttpStatusCode.OK, MediaTypes[format]), (last.Status, last.MediaType));
            Assert.Equal(Shape.Of(file), Shape.Of(last.Body));
            Assert.Null(last.Original);
        }
    }

    [Theory]
    [InlineData("flip-horizontal")]
    [InlineData("flip-vertical")]
    public async Task Convert_TwiceThereAndBack_KeepsEveryPixelOfFramesPagesAndDepth(string name)
    {
        var client = await converters.ClientAsync(name);
        (byte[] File, string Between)[] cases =
        [
            (GeneratedImages.File(GeneratedImages.DeepGradient(40, 30, bands: 4), "png"), "image/png"),
            (GeneratedImages.File(GeneratedImages.WideGamut(depth: 16), "tif"), "image/png"),
            (GeneratedImages.Animation("gif", hasAlpha: true), "image/webp"),
            (GeneratedImages.Animation("webp", hasAlpha: true), "image/webp"),
            (GeneratedImages.Animation("tif", hasAlpha: true), "image/tiff"),
        ];
        foreach (var (file, between) in cases)
        {
            var inner = await client.ConvertAsync(file, "format=lossless");
            Assert.Equal((HttpStatusCode.OK, between), (inner.Status, inner.MediaType));

            var last = Pixels.Of(await client.ConvertedAsync(inner.Body, "as=" + inner.Original));

            var original = Pixels.Of(file);
            Assert.Equal((original.Frames, original.Maximum, original.HasAlpha), (last.Frames, last.Maximum, last.HasAlpha));
            last.MustBeNear((x, y, channel) => original.At(x, y, channel), 0);
        }
    }

    private static string SchemaOf(JsonObject descriptor) => descriptor["parameters"]!.ToJsonString();
}
