using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.StorageManager.Pictures;

/// <summary>A recipe: conversions one after another, each of the result before.</summary>
/// <remarks>Here it is only kept. ConversionManager knows which converters there are, and what their parameters may be.</remarks>
internal static class Recipe
{
    /// <summary>The rule, in words for an error message.</summary>
    public const string Rule =
        "a JSON array of 1 to 16 steps, each an object with a converter's name and, where it has some, parameters, a JSON object";

    private const int MaxSteps = 16;

    /// <summary>As ConversionManager reads recipes: what nobody would look at is a mistake.</summary>
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        AllowDuplicateProperties = false,
        PropertyNameCaseInsensitive = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Whether steps that somebody sent are a recipe.</summary>
    public static bool IsValid([NotNullWhen(true)] IReadOnlyList<RecipeStep?>? steps) =>
        steps is { Count: > 0 and <= MaxSteps }
        && steps.All(step => ConverterName.IsValid(step?.Converter) && step.Parameters.ValueKind == JsonValueKind.Object);

    /// <summary>Reads what somebody sent.</summary>
    /// <returns>Null when it is no recipe.</returns>
    public static List<RecipeStep>? TryRead(ReadOnlyMemory<byte> json)
    {
        try
        {
            var steps = JsonSerializer.Deserialize<List<RecipeStep>>(json.Span, Strict);

            // Some JSON can be read and not be written again: a text with half of a character of two.
            return IsValid(steps) && Write(steps).Length > 0 ? steps : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Reads what the database has.</summary>
    public static List<RecipeStep> Read(string json) =>
        JsonSerializer.Deserialize<List<RecipeStep>>(json, JsonSerializerOptions.Web)
        ?? throw new InvalidDataException("The database holds a recipe that is none.");

    /// <summary>Writes it as the database has it.</summary>
    public static string Write(IReadOnlyList<RecipeStep> steps) => JsonSerializer.Serialize(steps, JsonSerializerOptions.Web);
}
