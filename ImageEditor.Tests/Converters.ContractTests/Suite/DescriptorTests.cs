using System.Globalization;
using ImageEditor.Converters.ContractTests.Driver;

namespace ImageEditor.Converters.ContractTests.Suite;

public sealed class DescriptorTests(RunningConverters converters)
{
    [Theory]
    [MemberData(nameof(ConverterUnderTest.AllNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Descriptor_OfEachConverter_HasTheContractsForm(string name)
    {
        var descriptor = await (await converters.ClientAsync(name)).DescriptorAsync();

        Assert.Equal(
            ["accelerator", "category", "description", "formats", "name", "parameters", "public", "title", "version"],
            descriptor.Select(member => member.Key).Where(member => member is not ("device" or "result")).Order());
        Assert.Equal(name, (string?)descriptor["name"]);
        Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", name);
        Assert.NotEmpty((string)descriptor["title"]!);
        Assert.NotEmpty((string)descriptor["description"]!);
        Assert.Contains((string?)descriptor["category"], (string?[])["adjust", "geometry", "effect", "neural", "file"]);
        Assert.InRange((int)descriptor["version"]!, 1, int.MaxValue);
        Assert.Equal(ConverterUnderTest.Named(name).IsPublic, (bool?)descriptor["public"]);
        Assert.Contains((string?)descriptor["device"], (bool)descriptor["accelerator"]! ? ["cpu", "cuda"] : (string?[])[null]);
        var converter = ConverterUnderTest.Named(name);
        string[] usual = ["image/avif", "image/gif", "image/jpeg", "image/png", "image/tiff", "image/webp"];
        Assert.Equal(converter.Reads ?? usual, descriptor["formats"]!["input"]!.AsArray().Select(type => (string)type!).Order());
        var written = descriptor["formats"]!["output"]!.AsArray().Select(type => (string)type!);
        IEnumerable<string> expected = converter.ResultType is { } type ? [type]
            : converter.Formats?.Select(format => $"image/{format}") ?? usual;
        Assert.Equal(expected.Order(), written.Order());
    }

    /// <summary>So much room is kept for results.</summary>
    [Theory]
    [MemberData(nameof(ConverterUnderTest.AllNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Descriptor_OfEachConverter_SaysHowLargeResultsAre(string name)
    {
        var descriptor = await (await converters.ClientAsync(name)).DescriptorAsync();

        var result = descriptor["result"]!;
        var parameters = descriptor["parameters"]!["properties"]!;
        var scale = (double?)result["scale"]
            ?? double.Parse(parameters[(string)result["scaleParameter"]!]!["default"]!.ToString(), CultureInfo.InvariantCulture);
        Assert.Equal(ConverterUnderTest.Named(name).Scale, scale);
        var converter = ConverterUnderTest.Named(name);
        Assert.Equal(converter.JpegResultType == "image/png" || converter.AddsAlpha, (bool?)result["alpha"] == true);
        Assert.True(result["whileDefault"] is not { } parameter || parameters[(string)parameter!]!["default"] is not null);
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.AllNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Descriptor_OfEachConverter_DescribesEveryParameter(string name)
    {
        var schema = (await (await converters.ClientAsync(name)).DescriptorAsync())["parameters"]!;

        Assert.Equal("object", (string?)schema["type"]);
        Assert.False((bool)schema["additionalProperties"]!);
        Assert.Equal(
            ConverterUnderTest.Named(name) is { ResultType: null } converter ? converter.Formats ?? ["jpeg", "png", "webp", "avif"] : [],
            schema["properties"]!["format"]?["enum"]!.AsArray().Select(format => (string)format!) ?? []);
        Assert.Equal(ConverterUnderTest.Named(name).IsPublic ? 100 : null, (int?)schema["properties"]!["quality"]?["maximum"]);
        Assert.All(schema["properties"]!.AsObject(), parameter =>
        {
            Assert.NotEmpty((string)parameter.Value!["title"]!);
            Assert.NotEmpty((string)parameter.Value["description"]!);
            switch ((string)parameter.Value["type"]!)
            {
                case "number" or "integer":
                    var (low, high) = ((double)parameter.Value["minimum"]!, (double)parameter.Value["maximum"]!);
                    Assert.InRange((double)(parameter.Value["default"] ?? low), low, high);
                    break;
                case "string" when (string?)parameter.Value["format"] == "color":
                    Assert.Matches((string)parameter.Value["pattern"]!, (string)parameter.Value["default"]!);
                    break;
                case "string" when parameter.Value["format"] is { } format:
                    Assert.Equal(("binary", "image/*"), ((string)format!, (string)parameter.Value["contentMediaType"]!));
                    break;
                case "string" when parameter.Value["maxLength"] is { } length:
                    Assert.InRange((int)length, 1, 4000);
                    break;
                case "string":
                    Assert.NotEmpty(parameter.Value["enum"]!.AsArray());
                    break;
                case "array" when (string?)parameter.Value["format"] == "box":
                    Assert.Equal(4, parameter.Value["items"]!.AsArray().Count);
                    break;
                case "array":
                    Assert.Equal("boxes", (string?)parameter.Value["format"]);
                    Assert.Equal(200, (int?)parameter.Value["maxItems"]);
                    break;
                default:
                    Assert.Equal("boolean", (string?)parameter.Value["type"]);
                    break;
            }
        });
    }
}
