using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using ImageEditor.Converters.ContractTests.Driver;

namespace ImageEditor.Converters.ContractTests.Suite;

/// <summary>Every parameter that a converter describes is checked as described.</summary>
public sealed class ParameterTests(RunningConverters converters)
{
    [Theory]
    [MemberData(nameof(ConverterUnderTest.AllNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_ValueWithinBounds_IsTaken(string name)
    {
        var client = await converters.ClientAsync(name);
        foreach (var (parameter, schema) in await ParametersAsync(client))
        {
            foreach (var value in Allowed(schema))
            {
                var answer = await client.ConvertAsync(ConverterUnderTest.Named(name).SmallPicture, $"{parameter}={value}");

                // Without them a converter may refuse this picture, as one that does not show what it is for.
                var isForOthers = answer.Status == HttpStatusCode.UnprocessableEntity
                    && ConverterUnderTest.Named(name).Parameters.Contains($"{parameter}=", StringComparison.Ordinal);
                Assert.True(answer.Status == HttpStatusCode.OK || isForOthers, $"{parameter}={value}: {answer.Text}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.AllNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_ValueOutOfBounds_Is400ThatNamesParameterAndValue(string name)
    {
        var client = await converters.ClientAsync(name);
        foreach (var (parameter, schema) in await ParametersAsync(client))
        {
            foreach (var value in Refused(schema))
            {
                var detail = (await client.ConvertAsync(ConverterUnderTest.Named(name).SmallPicture, $"{parameter}={value}"))
                    .MustBeProblem(HttpStatusCode.BadRequest, "invalid-parameters");
                Assert.Contains($"'{parameter}'", detail, StringComparison.Ordinal);
                Assert.Contains(Shown(schema, value), detail, StringComparison.Ordinal);
                Assert.All(Bounds(schema), bound => Assert.Contains(bound, detail, StringComparison.Ordinal));
            }
        }
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.AllNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_UnknownOrRepeatedParameter_Is400(string name)
    {
        var client = await converters.ClientAsync(name);

        var unknown = (await client.ConvertAsync(ConverterUnderTest.Named(name).SmallPicture, "sepia=1"))
            .MustBeProblem(HttpStatusCode.BadRequest, "invalid-parameters");
        Assert.Contains("'sepia'", unknown, StringComparison.Ordinal);
        (await client.ConvertAsync(ConverterUnderTest.Named(name).SmallPicture, "format=png&format=png"))
            .MustBeProblem(HttpStatusCode.BadRequest, "invalid-parameters");
        (await client.ConvertAsync(ConverterUnderTest.Named(name).SmallPicture, "Format=png"))
            .MustBeProblem(HttpStatusCode.BadRequest, "invalid-parameters");
    }

    private static async Task<JsonObject> ParametersAsync(ConverterClient client) =>
        (await client.DescriptorAsync())["parameters"]!["properties"]!.AsObject();

    private static IEnumerable<string> Allowed(JsonNode? schema) => Kind(schema) switch
    {
        "number" => [Text(schema!["minimum"]), Text(schema["default"] ?? schema["minimum"]), Text(schema["maximum"])],
        "choice" => schema!["enum"]!.AsArray().Select(choice => (string)choice!),
        "boolean" => ["true", "false"],
        "text" => ["a", Uri.EscapeDataString("<b>&amp;Ünïcode</b> 100 %"), new string('w', (int)schema!["maxLength"]!)],
        "box" => ["[0,0,48,32]", "[5,6,7,8]", "[ 47, 31, 1000000, 1000000 ]"],
        "array" =>
        [
            "[]", "[[1,2,3,4]]", "[{\"box\":[1,2,3,4],\"frame\":0},[5,6,7,8]]",
            Uri.EscapeDataString(Boxes((int)schema!["maxItems"]!)),
        ],
        _ => [],
    };

    private static IEnumerable<string> Refused(JsonNode? schema) => Kind(schema) switch
    {
        "number" =>
        [
            Text((double)schema!["minimum"]! - 1), Text((double)schema["maximum"]! + 1), "much", "NaN", "1e999", "",
            .. schema["multipleOf"] is { } step ? [Text((double)schema["minimum"]! + 0.3 * (double)step!)] : Array.Empty<string>(),
        ],
        "choice" => ["none-of-these", ""],
        "boolean" => ["perhaps", ""],
        "text" => [new string('w', (int)schema!["maxLength"]! + 1), "a%0Ab", "a%00"],
        "box" => ["box", "", "{}", "[]", "[1,2,3]", "[1,2,-3,4]", "[1,2,0,4]", "[1,2,3.5,4]", "[[1,2,3,4]]", "[48,0,5,5]", "[0,32,5,5]"],
        "array" =>
        [
            "box", "", "{}", "[1,2,3,4]", "[[1,2,3]]", "[[1,2,-3,4]]", "[[1,2,0,4]]", "[[1,2,3.5,4]]", "[{\"frame\":1}]",
            "[{\"box\":[1,2,3,4],\"box\":[1,2,3,4]}]",
        ],
        _ => ["text"],
    };

    /// <summary>What a refusal must show of a value; not what should have been a picture, nor all of a long text.</summary>
    private static string Shown(JsonNode? schema, string value) =>
        (string?)schema!["format"] == "binary" ? "image"
        : Kind(schema) == "text" ? "'" + value.Split('%')[0][..Math.Min(40, value.Split('%')[0].Length)]
        : $"'{value}'";

    /// <summary>What a refusal must say of what is allowed.</summary>
    private static IEnumerable<string> Bounds(JsonNode? schema) => Kind(schema) switch
    {
        "number" => [Text(schema!["minimum"]), Text(schema["maximum"])],
        "choice" => Allowed(schema),
        _ => [],
    };

    private static string Kind(JsonNode? schema) => (string)schema!["type"]! switch
    {
        "number" or "integer" => "number",
        "string" when schema["enum"] is not null => "choice",
        "string" when schema["maxLength"] is not null => "text",
        "array" when (string?)schema["format"] == "box" => "box",
        var type => type,
    };

    private static string Boxes(int count) => $"[{string.Join(',', Enumerable.Repeat("[16000, 16000, 1600, 1600]", count))}]";

    private static string Text(JsonNode? number) => ((double)number!).ToString(CultureInfo.InvariantCulture);

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
