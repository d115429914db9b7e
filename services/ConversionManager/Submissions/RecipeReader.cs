using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ServiceDefaults.Problems;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>Reads what is to be done with a picture: a recipe, or a converter with its parameters, which is a recipe of one step.</summary>
internal sealed class RecipeReader(ConverterCatalog catalog)
{
    /// <summary>The query parameter with a recipe, and the part of a form with one that is too long for it.</summary>
    public const string RecipeName = "recipe";

    private const string ConverterName = "converter";
    private const string ParametersName = "parameters";
    private const int MaxSteps = 16;
    private const int MaxQueryBytes = 4096;

    /// <summary>Only the last step's result is a file of a format.</summary>
    private static readonly string[] ParametersOfTheLast = ["format", "quality"];

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };
    private static readonly TimeSpan MissingDescriptorRetryAfter = TimeSpan.FromSeconds(2);

    /// <returns>The steps; null when the query says nothing of them.</returns>
    /// <exception cref="ProblemException">They are not right.</exception>
    public IReadOnlyList<SubmittedStep>? Read(IQueryCollection query)
    {
        var isNamed = query.ContainsKey(SubmittedName.Parameter);
        if (query.TryGetValue(RecipeName, out var recipe))
        {
            if (query.Count > (isNamed ? 2 : 1))
            {
                throw Refuse($"With ?{RecipeName}=… the query string has nothing else but a {SubmittedName.Parameter}: parameters belong to the recipe's steps.");
            }

            return recipe is [{ } text] && Encoding.UTF8.GetByteCount(text) <= MaxQueryBytes
                ? Parse(text)
                : throw Refuse($"A recipe in the query string is given once, and has at most {MaxQueryBytes} bytes; "
                    + $"send a longer one as the part '{RecipeName}' of a form.");
        }

        if (query.Count == (isNamed ? 1 : 0))
        {
            return null;
        }

        string? name = query[ConverterName];
        return [InStep(0, name, () => Check(FindConverter(name), schema => schema.Read(
            from pair in query
            where pair.Key != ConverterName && !pair.Key.Equals(SubmittedName.Parameter, StringComparison.OrdinalIgnoreCase)
            from text in pair.Value
            select KeyValuePair.Create(pair.Key, text ?? ""))))];
    }

    /// <summary>Reads a recipe: <c>[{"converter":"crop","parameters":{…}},…]</c>.</summary>
    /// <exception cref="ProblemException">It is not right.</exception>
    public IReadOnlyList<SubmittedStep> Parse(string json)
    {
        using var document = ParseJson(json);
        if (document.RootElement.ValueKind != JsonValueKind.Array || document.RootElement.GetArrayLength() is < 1 or > MaxSteps)
        {
            throw Refuse($"A recipe is a list in JSON of 1 to {MaxSteps} steps, "
                + "such as [{\"converter\":\"grayscale\"},{\"converter\":\"contrast\",\"parameters\":{\"amount\":40}}].");
        }

        var steps = new List<SubmittedStep>();
        var last = document.RootElement.GetArrayLength() - 1;
        foreach (var (number, step) in document.RootElement.EnumerateArray().Index())
        {
            steps.Add(InStep(number, NameOf(step), () => ReadStep(step, isInner: number < last)));
        }

        return steps;
    }

    /// <summary>What is wrong with a request that asks for nothing.</summary>
    public static ProblemException NothingAskedFor() => Refuse(
        $"Name a converter in the query string, as in ?{ConverterName}=grayscale; GET /api/converters lists them.");

    /// <summary>Makes a problem of a step say which one.</summary>
    public static T InStep<T>(int step, string? converter, Func<T> check)
    {
        try
        {
            return check();
        }
        catch (ProblemException refusal)
        {
            refusal.Problem.InStep(step, converter is null ? null : Shorten(converter));
            throw;
        }
    }

    private SubmittedStep ReadStep(JsonElement step, bool isInner)
    {
        if (NameOf(step) is not { } name
            || step.EnumerateObject().Any(member => member.Name is not (ConverterName or ParametersName))
            || (step.TryGetProperty(ParametersName, out var parameters) && parameters.ValueKind != JsonValueKind.Object))
        {
            throw Refuse($"A step is {{\"{ConverterName}\":\"…\",\"{ParametersName}\":{{…}}}}; its parameters may be left out.");
        }

        var converter = FindConverter(name);
        var read = Check(converter, schema => schema.Read(
            parameters.ValueKind == JsonValueKind.Object ? TextsOf(parameters) : []));
        if (isInner && ParametersOfTheLast.FirstOrDefault(read.Parameters.ContainsKey) is { } misplaced)
        {
            throw Refuse($"The parameter '{misplaced}' is about the file of the result: give it in the last step.");
        }

        return isInner && converter.Info is not { Descriptor.Lossless: true }
            ? throw Refuse($"The converter '{name}' makes files that no other step can go on with: make it the last step.")
            : read;
    }

    private static SubmittedStep Check(Converter converter, Func<ParameterSchema, JsonObject> read)
    {
        var (_, schema) = converter.Info ?? throw ProblemTypes.Unavailable.Refuse(
            $"The converter '{converter.Name}' has not answered yet, so its parameters are not known; try again in a moment.",
            MissingDescriptorRetryAfter);
        var parameters = read(schema);
        return new SubmittedStep(converter, parameters, schema.WithDefaults(parameters));
    }

    private Converter FindConverter(string? name) =>
        string.IsNullOrEmpty(name) ? throw NothingAskedFor()
        : catalog.Find(name) is { } converter && converter.Info is not { Descriptor.Public: false } ? converter
        : throw ProblemTypes.UnknownConverter.Refuse(
            $"There is no converter '{Shorten(name)}'; GET /api/converters lists those there are.");

    private static string? NameOf(JsonElement step) =>
        step.ValueKind == JsonValueKind.Object
        && step.TryGetProperty(ConverterName, out var name)
        && name.ValueKind == JsonValueKind.String
            ? name.GetString()
            : null;

    /// <summary>Parameters as a query string has them: texts as they are, all else as in JSON.</summary>
    private static IEnumerable<KeyValuePair<string, string>> TextsOf(JsonElement parameters) =>
        parameters.EnumerateObject().Select(parameter => KeyValuePair.Create(parameter.Name, TextOf(parameter.Value)));

    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number when value.TryGetInt64(out _) => value.GetRawText(),

        // 4e1 and 40.0 are whole numbers, too.
        JsonValueKind.Number when value.TryGetDouble(out var number) => number.ToString(CultureInfo.InvariantCulture),
        JsonValueKind.Null => throw Refuse("A parameter is null: leave it out instead."),
        _ => value.GetRawText(),
    };

    private static JsonDocument ParseJson(string json)
    {
        try
        {
            var document = JsonDocument.Parse(json, Strict);

            // Half of a character of two may be in JSON, and in no text: what has one cannot be written.
            using var writer = new Utf8JsonWriter(Stream.Null);
            document.RootElement.WriteTo(writer);
            return document;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw Refuse("The recipe is no JSON, or names something twice in a step.");
        }
    }

    private static ProblemException Refuse(string detail) => ProblemTypes.InvalidParameters.Refuse(detail);

    private static string Shorten(string text) => text.Length > 40 ? text[..40] + "…" : text;
}
