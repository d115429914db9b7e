using System.Text.Json;

namespace ImageEditor.ConversionManager.Jobs;

/// <summary>A step of a job's recipe, as it is stored with the job: its result is the next one's input.</summary>
/// <param name="Converter">The converter's name.</param>
/// <param name="Parameters">The converter's parameters, a JSON object.</param>
internal sealed record RecipeStep(string Converter, JsonElement Parameters)
{
    private const string HeicType = "image/heic";

    /// <summary>The converter that reads HEIC pictures; nobody can ask for it.</summary>
    public const string HeicConverter = "heic";

    private static readonly JsonElement None = JsonSerializer.SerializeToElement(new { });

    /// <summary>The step that goes before all others where they do not read the picture's format; null where they do.</summary>
    /// <param name="mediaType">The picture's media type.</param>
    /// <param name="side">The most pixels that its result is to be wide and high; null for as many as the picture has.</param>
    public static RecipeStep? ThatDecodes(string mediaType, int? side = null) =>
        mediaType != HeicType ? null
        : new RecipeStep(HeicConverter, side is null ? None : JsonSerializer.SerializeToElement(new { side }));

    /// <summary>The parameters as a query string.</summary>
    /// <remarks>A text is sent as it is; all else as in JSON.</remarks>
    public QueryString ToQuery() => QueryString.Create(
        from parameter in Parameters.EnumerateObject()
        let value = parameter.Value
        select KeyValuePair.Create<string, string?>(
            parameter.Name, value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText()));
}
