using System.Net;
using System.Text.Json.Nodes;
using ImageEditor.Converters.ContractTests.Pictures;
using ImageEditor.Converters.Descriptors;

namespace ImageEditor.Converters.ContractTests.Sdk;

/// <summary>A parameter that is itself an image.</summary>
[Collection(nameof(SdkTests))]
public sealed class ImageParameterTests
{
    private static readonly ImageParameter Style = new("style", "Style", "The picture whose style is taken.");

    [Fact]
    public async Task Get_PartIsThere_IsItsImage()
    {
        await using var converter = await StartAsync();
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(GeneratedImages.File(GeneratedImages.Gradient(8, 8), "png")), "image", "image" },
            { new ByteArrayContent(GeneratedImages.Oriented(6, "jpg")), "style", "style" },
        };

        var answer = await converter.Client.ConvertAsync(form);

        // Upright, and in the main image's format.
        Assert.Equal("image/png", answer.ContentType);
        var result = Pixels.Of(answer.Body);
        Assert.Equal((640, 427), (result.Width, result.Height));
    }

    [Fact]
    public async Task Get_PartIsMissing_IsNull()
    {
        await using var converter = await StartAsync();

        var answer = await converter.Client.ConvertAsync(GeneratedImages.File(GeneratedImages.Gradient(8, 8), "png"));

        Assert.Equal(8, Pixels.Of(answer.Body).Width);
    }

    [Fact]
    public async Task Convert_ImageInTheQuery_Is400()
    {
        await using var converter = await StartAsync();

        var answer = await converter.Client.ConvertAsync(GeneratedImages.File(GeneratedImages.Gradient(8, 8), "png"), "style=rocket");

        Assert.Contains(
            "multipart/form-data", answer.MustBeProblem(HttpStatusCode.BadRequest, "invalid-parameters"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Convert_ImageThatIsNone_Is415()
    {
        await using var converter = await StartAsync();
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(GeneratedImages.File(GeneratedImages.Gradient(8, 8), "png")), "image", "image" },
            { new StringContent("starry night"), "style", "style" },
        };

        (await converter.Client.ConvertAsync(form)).MustBeProblem(HttpStatusCode.UnsupportedMediaType, "not-an-image");
    }

    [Fact]
    public async Task Descriptor_ImageParameter_IsBinary()
    {
        await using var converter = await StartAsync();

        var schema = (await converter.Client.DescriptorAsync())["parameters"]!["properties"]!["style"]!;

        var expected = JsonNode.Parse(
            """
            {
              "title": "Style",
              "description": "The picture whose style is taken.",
              "type": "string",
              "format": "binary",
              "contentMediaType": "image/*"
            }
            """);
        Assert.True(JsonNode.DeepEquals(expected, schema), schema.ToJsonString());
    }

    private static Task<InProcessConverter> StartAsync() =>
        InProcessConverter.StartAsync(conversion => (conversion.Get(Style) ?? conversion.Image).Copy(), [Style]);
}
