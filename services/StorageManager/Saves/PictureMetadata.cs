using System.Text.Json;
using System.Text.Json.Serialization;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.StorageManager.Pictures;

namespace ImageEditor.StorageManager.Saves;

/// <summary>What a save says about its picture: the part <c>metadata</c>.</summary>
/// <param name="CreatedAt">When the job was created.</param>
/// <param name="Converter">The converter's name; of several steps, the first one's.</param>
/// <param name="Parameters">That converter's parameters: a JSON object.</param>
/// <param name="Original">The original's size.</param>
/// <param name="Converted">The converted image's size.</param>
/// <param name="Thumbnail">The thumbnail's size; null without a thumbnail.</param>
/// <param name="Recipe">All steps, the first one too; null where there is one.</param>
/// <param name="Name">What the picture is called, if anything.</param>
/// <param name="Display">The size of the copy that browsers show; null without one.</param>
internal sealed record PictureMetadata(
    DateTimeOffset? CreatedAt, string? Converter, JsonElement Parameters, ImageSize? Original, ImageSize? Converted, ImageSize? Thumbnail,
    IReadOnlyList<RecipeStep>? Recipe = null, string? Name = null, ImageSize? Display = null)
{
    /// <summary>What is wrong with the metadata; null when nothing is.</summary>
    [JsonIgnore]
    public string? ValidationError =>
        CreatedAt is null ? "The metadata has no createdAt."
        : !ConverterName.IsValid(Converter) ? $"The metadata names no converter ({ConverterName.Rule})."
        : Recipe is not null && !(Pictures.Recipe.IsValid(Recipe) && Recipe[0].Converter == Converter)
            ? $"The metadata's recipe is {Pictures.Recipe.Rule}; the first one's converter is the metadata's."
        : Parameters.ValueKind != JsonValueKind.Object ? "The metadata's parameters are a JSON object."
        : Original?.IsValid != true || Converted?.IsValid != true
            ? "The metadata has width and height, positive, of original and converted image."
        : Thumbnail?.IsValid == false || Display?.IsValid == false
            ? "The metadata's thumbnail and display have width and height, positive."
        : null;
}

/// <summary>An image's size in pixels.</summary>
internal sealed record ImageSize(int Width, int Height)
{
    [JsonIgnore]
    public bool IsValid => Width > 0 && Height > 0;
}
