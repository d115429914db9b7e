using System.Text.Json;

namespace ImageEditor.ConversionManager.Jobs;

/// <summary>The steps that make small copies of pictures, of converters that nobody can ask for.</summary>
internal static class SmallCopy
{
    private const string Converter = "thumbnail";

    /// <summary>The most pixels that a copy to display is wide and high, as its converter has it.</summary>
    private const int Side = 2048;

    /// <summary>For lists of many pictures: a small WebP.</summary>
    public static RecipeStep Thumbnail { get; } = new(Converter, JsonSerializer.SerializeToElement(new { }));

    /// <summary>For browsers: a JPEG, or a PNG where there is alpha, of at most 2,048 pixels a side.</summary>
    public static RecipeStep Display { get; } = new(Converter, JsonSerializer.SerializeToElement(new { copy = "display" }));

    /// <summary>The steps from a picture to a copy to display.</summary>
    /// <param name="mediaType">The picture's media type.</param>
    public static IReadOnlyList<RecipeStep> StepsToDisplay(string mediaType) =>
        RecipeStep.ThatDecodes(mediaType, Side) is { } decoding ? [decoding, Display] : [Display];
}
