using System.Text.Json;

namespace ImageEditor.StorageManager.Pictures;

/// <summary>A step of a recipe.</summary>
/// <param name="Converter">The converter's name.</param>
/// <param name="Parameters">The converter's parameters: a JSON object.</param>
internal sealed record RecipeStep(string Converter, JsonElement Parameters);
