using System.Text.Json.Nodes;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ServiceDefaults.Problems;

namespace ImageEditor.ConversionManager.Tests.Converters;

public sealed class ParameterSchemaTests
{
    private const string Json = """
        { "type": "object", "additionalProperties": false, "required": ["layer"], "properties": {
            "amount": { "type": "number", "minimum": -100, "maximum": 100, "default": 30, "multipleOf": 0.5 },
            "scale": { "type": "integer", "enum": [2, 4] },
            "strict": { "type": "boolean" },
            "layer": { "type": "string", "enum": ["eyes", "towers"] },
            "note": { "type": "string", "maxLength": 5 },
            "areas": { "type": "array", "format": "boxes", "maxItems": 2, "items": {
                "type": "array", "minItems": 4, "maxItems": 4, "items": [
                    { "type": "integer", "minimum": 0, "maximum": 1000000 }, { "type": "integer", "minimum": 0, "maximum": 1000000 },
                    { "type": "integer", "minimum": 1, "maximum": 1000000 }, { "type": "integer", "minimum": 1, "maximum": 1000000 } ] } },
            "part": { "type": "array", "format": "box", "minItems": 4, "maxItems": 4, "items": [
                { "type": "integer", "minimum": 0, "maximum": 1000000 }, { "type": "integer", "minimum": 0, "maximum": 1000000 },
                { "type": "integer", "minimum": 1, "maximum": 1000000 }, { "type": "integer", "minimum": 1, "maximum": 1000000 } ] },
            "style": { "type": "string", "format": "binary", "contentMediaType": "image/*" } } }
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("layer=eyes", """{"layer":"eyes"}""")]
    [InlineData("layer=eyes&part=[ 1, 2, 3, 4 ]", """{"layer":"eyes","part":[1,2,3,4]}""")]
    [InlineData("layer=eyes&amount=40", """{"amount":40,"layer":"eyes"}""")]
    [InlineData("amount=-99.5&layer=towers&scale=4&strict=true", """{"amount":-99.5,"layer":"towers","scale":4,"strict":true}""")]
    [InlineData("areas=[[1, 2,3,4]]&layer=eyes", """{"areas":[[1,2,3,4]],"layer":"eyes"}""")]
    [InlineData("areas=[[1.0e1, 2,3,4]]&layer=eyes", """{"areas":[[10,2,3,4]],"layer":"eyes"}""")]
    [InlineData("note=12345&layer=eyes", """{"layer":"eyes","note":"12345"}""")]
    public async Task Read_WhatFits_BecomesJsonSortedByName(string query, string expected)
    {
        var parameters = await ReadAsync(query);

        Assert.Equal(expected, parameters.ToJsonString());
    }

    [Theory]
    [InlineData("", "'layer' is missing", "eyes, towers")]
    [InlineData("layer=ears", "'layer'", "one of eyes, towers")]
    [InlineData("layer=eyes&amount=101", "'amount'", "from -100 to 100")]
    [InlineData("layer=eyes&amount=0.25", "'amount'", "0.25")]
    [InlineData("layer=eyes&amount=Infinity", "'amount'", "a number")]
    [InlineData("layer=eyes&amount=", "'amount'", "a number")]
    [InlineData("layer=eyes&scale=3", "'scale'", "2, 4")]
    [InlineData("layer=eyes&scale=2.5", "'scale'", "2.5")]
    [InlineData("layer=eyes&strict=yes", "'strict'", "true or false")]
    [InlineData("layer=eyes&areas=[[1,2,3]]", "'areas'", "boxes [x,y,width,height]")]
    [InlineData("layer=eyes&areas=[[1,2,0,4]]", "'areas'", "boxes [x,y,width,height]")]
    [InlineData("layer=eyes&areas=[[1,2,3,0]]", "'areas'", "boxes [x,y,width,height]")]
    [InlineData("layer=eyes&areas=[[-1,2,3,4]]", "'areas'", "boxes [x,y,width,height]")]
    [InlineData("layer=eyes&areas=[[1,2,3,4],[1,2,3,4],[1,2,3,4]]", "'areas'", "at most 2")]
    [InlineData("layer=eyes&areas={}", "'areas'", "{}")]
    [InlineData("layer=eyes&part=[1,2,3]", "'part'", "a box [x,y,width,height]")]
    [InlineData("layer=eyes&part=[1,2,0,4]", "'part'", "a box [x,y,width,height]")]
    [InlineData("layer=eyes&part=[[1,2,3,4]]", "'part'", "a box [x,y,width,height]")]
    [InlineData("layer=eyes&areas=[[1,2", "'areas'", "[[1,2")]
    [InlineData("layer=eyes&areas=[{\"box\":1,\"box\":2}]", "'areas'", "\"box\":1,\"box\":2")]
    [InlineData("layer=eyes&areas=[[1,2,3,99999999999999999999999999999999999999999]]", "'areas'", "[x,y,width,height]")]
    [InlineData("layer=eyes&areas=[[1,2,3,1e999]]", "'areas'", "[x,y,width,height]")]
    [InlineData("layer=eyes&note=123456", "'note'", "at most 5")]
    [InlineData("layer=eyes&layer=eyes", "'layer'", "once")]
    [InlineData("layer=eyes&colour=red", "no parameter 'colour'", "amount")]
    [InlineData("layer=eyes&style=x", "'style' is an image", "multipart/form-data")]
    public async Task Read_WhatDoesNotFit_IsExplained(string query, string what, string allowed)
    {
        var refusal = await Assert.ThrowsAsync<ProblemException>(() => ReadAsync(query));

        Assert.Equal(400, refusal.Problem.StatusCode);
        Assert.Contains(what, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(allowed, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ImageParameters_NamesThoseThatTravelInAForm() =>
        Assert.Equal(["style"], (await ParameterSchema.ParseAsync(Json, Cancellation)).ImageParameters);

    [Theory]
    [InlineData("layer", new string[0])]
    [InlineData("style", new[] { "style" })]
    public async Task RequiredImages_AreThoseThatTheSchemaRequires(string required, string[] expected)
    {
        var json = Json.Replace("\"required\": [\"layer\"]", $"\"required\": [\"{required}\"]", StringComparison.Ordinal);
        Assert.Equal(expected, (await ParameterSchema.ParseAsync(json, Cancellation)).RequiredImages);
    }

    [Theory]
    [InlineData("http://127.0.0.1/secret.json")]
    [InlineData("file:///etc/hostname")]
    [InlineData("other.json#/definitions/a")]
    public async Task ParseAsync_ReferenceToAnotherDocument_IsRefusedWithoutFetchingIt(string reference)
    {
        var json = $$"""{ "type": "object", "properties": { "a": { "anyOf": [ { "$ref": "{{reference}}" } ] } } }""";
        var refusal = await Assert.ThrowsAsync<InvalidDataException>(() => ParameterSchema.ParseAsync(json, Cancellation));
        Assert.Contains(reference, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ParseAsync_ReferenceWithinTheSchema_IsFollowed()
    {
        var schema = await ParameterSchema.ParseAsync(
            """
            { "type": "object", "definitions": { "size": { "type": "integer", "maximum": 9 } },
              "properties": { "a": { "$ref": "#/definitions/size" } } }
            """,
            Cancellation);
        Assert.Equal("""{"a":7}""", schema.Read([KeyValuePair.Create("a", "7")]).ToJsonString());
        Assert.Throws<ProblemException>(() => schema.Read([KeyValuePair.Create("a", "10")]));
    }

    private static async Task<JsonObject> ReadAsync(string query)
    {
        var schema = await ParameterSchema.ParseAsync(Json, Cancellation);
        return schema.Read(
            from pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries)
            let parts = pair.Split('=')
            select KeyValuePair.Create(parts[0], parts[1]));
    }
}
