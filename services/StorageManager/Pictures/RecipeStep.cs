using System.Text.Json;

namespace ImageEditor.StorageManager.Pictures;

/// <summary>A step of a recipe.</summary>
/// <param name="Converter">The converter's name.</param>
/// <param name="Parameters">The converter's parameters: a JSON object, an empty one where nothing is said of them.</param>
internal sealed record RecipeStep(string Converter, JsonElement Parameters)
{
    private static readonly JsonElement None = JsonSerializer.SerializeToElement(new { });

    public JsonElement Parameters { get; init; } = Parameters.ValueKind == JsonValueKind.Undefined ? None : Parameters;
}
