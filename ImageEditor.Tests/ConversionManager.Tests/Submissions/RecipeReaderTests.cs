using System.Text.Json;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.Submissions;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ImageEditor.ConversionManager.Tests.Submissions;

/// <summary>What is taken as a recipe, and what a refusal says.</summary>
public sealed class RecipeReaderTests : IAsyncLifetime
{
    private const string Schema = """
        { "type": "object", "additionalProperties": false, "properties": {
            "amount": { "type": "number", "minimum": -100, "maximum": 100, "default": 30 },
            "count": { "type": "integer", "default": 2 },
            "force": { "type": "boolean", "default": false },
            "style": { "type": "string", "format": "binary" },
            "note": { "type": "string" },
            "boxes": { "type": "array" },
            "format": { "type": "string", "enum": ["jpeg", "png", "webp", "avif"] } } }
        """;

    private RecipeReader _reader = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _reader = new RecipeReader(new ConverterCatalog(
    [
        await ConverterAsync("contrast", lossless: true),
        await ConverterAsync("compress", lossless: false),
        await ConverterAsync("older", lossless: null),
        await ConverterAsync("hidden", lossless: true, isPublic: false),
    ]));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("""[{"converter":"contrast","parameters":{"amount":40}}]""")]
    [InlineData("""[ { "parameters": { "force": false, "amount": 4.0e1 }, "converter": "contrast" } ]""")]
    [InlineData("""[{"converter":"contrast","parameters":{"amount":"40","count":2.0}}]""")]
    public void Parse_EqualRecipesWrittenDifferently_HaveEqualParameters(string recipe)
    {
        var step = Assert.Single(_reader.Parse(recipe));

        Assert.Equal("""{"amount":40,"count":2,"force":false}""", step.AllParameters.ToJsonString());
        Assert.Equal(
            _reader.Read(Query("?converter=contrast&amount=40"))!.Single().AllParameters.ToJsonString(), step.AllParameters.ToJsonString());
    }

    /// <summary>A list in the query is JSON, too, whose texts may have half of a character of two.</summary>
    [Theory]
    [InlineData("""["\ud800"]""")]
    [InlineData("""[{"\ud800":1}]""")]
    public void Read_AListThatIsNoText_IsRefused(string boxes)
    {
        var query = Query("?converter=contrast&boxes=" + Uri.EscapeDataString(boxes));

        Assert.Equal(400, Assert.Throws<ProblemException>(() => _reader.Read(query)).Problem.Value.Status);
    }

    [Theory, InlineData("-0"), InlineData("-0.0"), InlineData("0e3")]
    public void Parse_Zero_HasNoSign(string zero) => Assert.Equal(
        """{"amount":0,"count":2,"force":false}""",
        Assert.Single(_reader.Parse($$$"""[{"converter":"contrast","parameters":{"amount":{{{zero}}}}}]""")).AllParameters.ToJsonString());

    [Theory]
    [InlineData("""[{"converter":"contrast"},{"converter":"contrast","parameters":{"amount":400}}]""", 400, 1, "contrast")]
    [InlineData("""[{"converter":"contrast"},{"converter":"contrast","parameters":{"none":1}}]""", 400, 1, "contrast")]
    [InlineData("""[{"converter":"none"}]""", 404, 0, "none")]
    [InlineData("""[{"converter":"contrast"},{"converter":"hidden"}]""", 404, 1, "hidden")]
    [InlineData("""[{"converter":"contrast"},{"parameters":{}}]""", 400, 1, null)]
    [InlineData("""[{"converter":"contrast","more":1}]""", 400, 0, "contrast")]
    [InlineData("""[{"converter":"contrast","parameters":{"format":"lossless"}}]""", 400, 0, "contrast")]
    [InlineData("""[{"converter":"contrast","parameters":{"as":"jpeg-8"}}]""", 400, 0, "contrast")]
    [InlineData("""[{"converter":"contrast","parameters":{"format":"png"}},{"converter":"contrast"}]""", 400, 0, "contrast")]
    [InlineData("""[{"converter":"compress"},{"converter":"contrast"}]""", 400, 0, "compress")]
    [InlineData("""[{"converter":"older"},{"converter":"contrast"}]""", 400, 0, "older")]
    public void Parse_AStepThatIsWrong_NamesIt(string recipe, int status, int step, string? converter)
    {
        var problem = Assert.Throws<ProblemException>(() => _reader.Parse(recipe)).Problem.Value;

        Assert.Equal(status, problem.Status);
        Assert.Equal(step, problem.Extensions["step"]);
        Assert.Equal(converter, problem.Extensions.TryGetValue("converter", out var name) ? name : null);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[1")]
    [InlineData("""[{"converter":"contrast","converter":"contrast"}]""")]
    [InlineData("""[{"converter":"\ud800"}]""")]
    [InlineData("""[{"converter":"contrast","\ud800":1}]""")]
    [InlineData("""[{"converter":"contrast","parameters":{"\udc00":1}}]""")]
    [InlineData("""[{"converter":"contrast","parameters":{"format":"\ud800"}}]""")]
    [InlineData("""[{"converter":"contrast","parameters":{"boxes":["\ud800"]}}]""")]
    [InlineData("""[{"converter":"contrast","parameters":{"boxes":[{"\ud800":1}]}}]""")]
    [InlineData("""[{"converter":"contrast","parameters":{"note":null}}]""")]
    public void Parse_WhatIsNoRecipe_IsRefused(string recipe) =>
        Assert.Equal(400, Assert.Throws<ProblemException>(() => _reader.Parse(recipe)).Problem.Value.Status);

    [Fact]
    public void Parse_AsManyStepsAsThereMayBe_AndNotOneMore()
    {
        Assert.Equal(16, _reader.Parse(Steps(16)).Count);
        Assert.Throws<ProblemException>(() => _reader.Parse(Steps(17)));
    }

    [Fact]
    public void Read_ALongRecipeInTheQuery_IsSentToTheForm()
    {
        var recipe = Steps(16) + new string(' ', 4096);

        var refusal = Assert.Throws<ProblemException>(() => _reader.Read(Query("?recipe=" + Uri.EscapeDataString(recipe))));

        Assert.Contains("'recipe' of a form", refusal.Problem.Value.Detail, StringComparison.Ordinal);
    }

    private static string Steps(int count) => $"[{string.Join(',', Enumerable.Repeat("{\"converter\":\"contrast\"}", count))}]";

    private static QueryCollection Query(string text) => new(QueryHelpers.ParseQuery(text));

    private static async Task<Converter> ConverterAsync(string name, bool? lossless, bool isPublic = true)
    {
        var converter = new Converter(name, new Uri("http://" + name));
        converter.MarkUp(new ConverterInfo(
            new ConverterDescriptor(
                name, name, "For tests.", isPublic, Accelerator: false, Device: null, new ConverterFormats([], []),
                JsonSerializer.Deserialize<JsonElement>(Schema), new ResultSize(Scale: 1), Lossless: lossless),
            await ParameterSchema.ParseAsync(Schema, Cancellation)));
        return converter;
    }
}
