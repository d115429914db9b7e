using System.Text.Json;

namespace ImageEditor.StorageManager.Pictures;

/// <summary>A picture in an owner's gallery.</summary>
/// <param name="Location">Where its images are: its owner, its job and its id.</param>
/// <param name="CreatedAt">When the job was created, UTC.</param>
/// <param name="Name">What its owner calls it; null without a name.</param>
/// <param name="Recipe">What made it, step by step; one step at least.</param>
/// <param name="Original">The submitted image.</param>
/// <param name="Converted">The converter's result.</param>
/// <param name="Thumbnail">A small version of the result; null without one.</param>
/// <param name="Display">A copy of the original that browsers show; null where they show the original, or there is none.</param>
internal sealed record Picture(
    ImageLocation Location,
    DateTime CreatedAt,
    string? Name,
    IReadOnlyList<RecipeStep> Recipe,
    StoredImage Original,
    StoredImage Converted,
    StoredImage? Thumbnail,
    StoredImage? Display = null)
{
    public Guid Id => Location.Id;

    /// <summary>The first step's converter.</summary>
    public string Converter => Recipe[0].Converter;

    /// <summary>The first step's parameters: a JSON object.</summary>
    public JsonElement Parameters => Recipe[0].Parameters;

    /// <summary>The converters of the other steps, each once, without the first step's.</summary>
    public IReadOnlyList<string> LaterConverters => [.. Recipe.Select(step => step.Converter).Distinct().Where(name => name != Converter)];

    /// <summary>How many bytes its images have, all together.</summary>
    public long Bytes => ImageKinds.All.Sum(kind => Image(kind)?.Bytes ?? 0);

    /// <summary>One of its images; null when it has none of this kind.</summary>
    public StoredImage? Image(ImageKind kind) => kind switch
    {
        ImageKind.Original => Original,
        ImageKind.Converted => Converted,
        ImageKind.Thumbnail => Thumbnail,
        _ => Display,
    };
}
