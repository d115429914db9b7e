namespace ImageEditor.StorageManager.Pictures;

/// <summary>A picture in an owner's gallery.</summary>
/// <param name="Location">Where its images are: its owner, its job and its id.</param>
/// <param name="CreatedAt">When the job was created, UTC.</param>
/// <param name="Converter">The converter's name.</param>
/// <param name="Parameters">The conversion's parameters: a JSON object.</param>
/// <param name="Original">The submitted image.</param>
/// <param name="Converted">The converter's result.</param>
/// <param name="Thumbnail">A small version of the result; null without one.</param>
internal sealed record Picture(
    ImageLocation Location,
    DateTime CreatedAt,
    string Converter,
    string Parameters,
    StoredImage Original,
    StoredImage Converted,
    StoredImage? Thumbnail)
{
    public Guid Id => Location.Id;

    /// <summary>One of its images; null when it has none of this kind.</summary>
    public StoredImage? Image(ImageKind kind) => kind switch
    {
        ImageKind.Original => Original,
        ImageKind.Converted => Converted,
        _ => Thumbnail,
    };
}
