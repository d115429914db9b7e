using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ImageEditor.ServiceDefaults.Problems;
using NJsonSchema;
using NJsonSchema.Validation;

namespace ImageEditor.ConversionManager.Converters;

/// <summary>Reads a conversion's parameters from a query string by the converter's JSON Schema.</summary>
internal sealed class ParameterSchema
{
    private readonly JsonSchema _schema;

    private ParameterSchema(JsonSchema schema) => _schema = schema;

    /// <summary>Names of the parameters that are images, and travel as parts of a form.</summary>
    public IReadOnlyList<string> ImageParameters =>
        [.. _schema.Properties.Where(property => IsImage(property.Value)).Select(property => property.Key)];

    /// <summary>Those of them that a request must have.</summary>
    public IReadOnlyList<string> RequiredImages => [.. ImageParameters.Where(name => _schema.Properties[name].IsRequired)];

    /// <exception cref="InvalidDataException">It refers to another document, which this service must not fetch for a converter.</exception>
    public static async Task<ParameterSchema> ParseAsync(string json, CancellationToken cancellationToken)
    {
        if (FindReferences(JsonNode.Parse(json)).FirstOrDefault(reference => !reference.StartsWith('#')) is { } foreign)
        {
            throw new InvalidDataException($"The schema of its parameters refers to '{foreign}'; it may refer to itself only.");
        }

        return new(await JsonSchema.FromJsonAsync(json, cancellationToken));
    }

    /// <summary>Turns names and texts into a JSON object that fits the schema.</summary>
    /// <returns>The object with its members sorted by name, so that equal parameters make equal texts.</returns>
    /// <exception cref="ProblemException">They do not fit; it says what is wrong.</exception>
    public JsonObject Read(IEnumerable<KeyValuePair<string, string>> given)
    {
        var parameters = new JsonObject();
        foreach (var (name, text) in given.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (!_schema.Properties.TryGetValue(name, out var property))
            {
                throw Refuse($"There is no parameter '{name}' here. {DescribeParameters()}");
            }

            if (IsImage(property))
            {
                throw Refuse($"The parameter '{name}' is an image: send the request as multipart/form-data with a part of that name.");
            }

            if (parameters.ContainsKey(name) || ToJson(property.ActualTypeSchema, text) is not { } value)
            {
                throw Refuse(DescribeInvalid(name, property, text));
            }

            parameters[name] = value;
        }

        // Validated as text, so that numbers are compared as they will be stored.
        foreach (var error in _schema.Validate(parameters.ToJsonString()))
        {
            if (NameIn(error) is { } name && _schema.Properties.TryGetValue(name, out var property))
            {
                if (parameters[name] is { } value)
                {
                    throw Refuse(DescribeInvalid(name, property, value is JsonValue ? value.ToString() : value.ToJsonString()));
                }

                if (IsImage(property))
                {
                    continue;
                }

                throw Refuse($"The parameter '{name}' is missing. It must be {DescribeAllowed(property.ActualTypeSchema)}.");
            }

            throw Refuse($"The parameters do not fit together: {error.Kind}. {DescribeParameters()}");
        }

        return parameters;
    }

    /// <summary>The same parameters and the defaults of those that were not given, sorted by name.</summary>
    public JsonObject WithDefaults(JsonObject parameters) => new(
        from property in _schema.Properties.OrderBy(each => each.Key, StringComparer.Ordinal)
        let value = parameters[property.Key]?.DeepClone() ?? DefaultOf(property.Value)
        where value is not null
        select KeyValuePair.Create(property.Key, (JsonNode?)value));

    private static JsonNode? DefaultOf(JsonSchemaProperty property) => property.Default switch
    {
        null => null,
        bool value => ToJson(property.ActualTypeSchema, value ? "true" : "false"),
        IFormattable value => ToJson(property.ActualTypeSchema, value.ToString(null, CultureInfo.InvariantCulture)),
        var value => ToJson(property.ActualTypeSchema, value.ToString() ?? ""),
    };

    /// <summary>The parameter that an error is about; of one within a list or an object, that.</summary>
    private string? NameIn(ValidationError error) =>
        error.Property is { } name && _schema.Properties.ContainsKey(name) ? name : error.Path?.TrimStart('#', '/').Split('/', '[')[0];

    private static ProblemException Refuse(string detail) => ProblemTypes.InvalidParameters.Refuse(detail);

    /// <summary>What the <c>$ref</c>s of a schema and of all below it name.</summary>
    private static IEnumerable<string> FindReferences(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member =>
            member.Key == "$ref" && member.Value is JsonValue value && value.TryGetValue<string>(out var reference)
                ? [reference]
                : FindReferences(member.Value)),
        JsonArray items => items.SelectMany(FindReferences),
        _ => [],
    };

    private static bool IsImage(JsonSchemaProperty property) => property.ActualTypeSchema.Format == "binary";

    private static JsonNode? ToJson(JsonSchema schema, string text) => schema.Type switch
    {
        var type when type.HasFlag(JsonObjectType.Integer) =>
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) ? integer : null,
        var type when type.HasFlag(JsonObjectType.Number) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                ? WithoutSignOfZero(number)
                : null,
        var type when type.HasFlag(JsonObjectType.Boolean) => text switch { "true" => true, "false" => false, _ => null },
        var type when type.HasFlag(JsonObjectType.Array) => ToJsonArray(text),
        _ => text,
    };

    /// <summary>Zero has two forms, which are equal.</summary>
    private static double WithoutSignOfZero(double number) => number == 0 ? 0 : number;

    /// <summary>A list as it is written in JSON; null when it is none, or has half of a character of two, which no text has.</summary>
    private static JsonArray? ToJsonArray(string text)
    {
        try
        {
            var options = new JsonDocumentOptions { AllowDuplicateProperties = false };
            var list = Normalised(JsonNode.Parse(text, documentOptions: options)) as JsonArray;
            _ = list?.ToJsonString();
            return list;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>
    /// The same without spaces, with sorted members and numbers in their shortest form, so that equal lists make equal texts. A number that
    /// no type holds becomes a text, which no schema of numbers takes.
    /// </summary>
    private static JsonNode? Normalised(JsonNode? node) => node switch
    {
        JsonArray items => new JsonArray([.. items.Select(Normalised)]),
        JsonObject members => new JsonObject(
            from member in members.OrderBy(member => member.Key, StringComparer.Ordinal)
            select KeyValuePair.Create(member.Key, Normalised(member.Value))),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number =>
            value.TryGetValue<long>(out var integer) ? integer
            : value.TryGetValue<double>(out var number) && double.IsFinite(number) ? WithoutSignOfZero(number)
            : value.ToJsonString(),
        _ => node?.DeepClone(),
    };

    private static string DescribeInvalid(string name, JsonSchemaProperty property, string text) =>
        $"The parameter '{name}' must be {DescribeAllowed(property.ActualTypeSchema)}, once; "
        + $"it was '{(text.Length > 40 ? text[..40] + "…" : text)}'.";

    private static string DescribeAllowed(JsonSchema schema)
    {
        if (schema.Enumeration.Count > 0)
        {
            return "one of " + string.Join(", ", schema.Enumeration);
        }

        var range = (schema.Minimum, schema.Maximum) switch
        {
            ({ } low, { } high) => string.Create(CultureInfo.InvariantCulture, $" from {low:0.####} to {high:0.####}"),
            ({ } low, null) => string.Create(CultureInfo.InvariantCulture, $" of at least {low:0.####}"),
            (null, { } high) => string.Create(CultureInfo.InvariantCulture, $" of at most {high:0.####}"),
            _ => "",
        };
        return schema.Type switch
        {
            var type when type.HasFlag(JsonObjectType.Integer) => "a whole number" + range,
            var type when type.HasFlag(JsonObjectType.Number) => "a number" + range,
            var type when type.HasFlag(JsonObjectType.Boolean) => "true or false",
            var type when type.HasFlag(JsonObjectType.Array) => DescribeList(schema),
            _ => "a text" + (schema.MaxLength is { } length ? $" of at most {length} characters" : ""),
        };
    }

    private static string DescribeList(JsonSchema schema) => schema.Format == "box"
        ? "a box [x,y,width,height] in whole pixels"
        : "a list in JSON"
        + (schema.MaxItems > 0 ? $" of at most {schema.MaxItems}" : "")
        + (schema.Format == "boxes"
            ? " boxes [x,y,width,height] in whole pixels, or {\"box\":[x,y,width,height],\"frame\":n} for one frame of an animation"
            : " items");

    private string DescribeParameters() =>
        _schema.Properties.Count == 0 ? "This converter has no parameters." : $"It has: {string.Join(", ", _schema.Properties.Keys)}.";
}
