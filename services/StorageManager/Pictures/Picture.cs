namespace ImageEditor.StorageManager.Pictures;

/// <summary>A picture in somebody's gallery.</summary>
/// <param name="Place">Whose it is, which job made it, and its id: where its images are.</param>
/// <param name="CreatedAt">When the job was created, UTC.</param>
/// <param name="Converter">What converted it.</param>
/// <param name="Parameters">With which parameters: a JSON object.</param>
/// <param name="Original">What was handed in.</param>
/// <param name="Converted">What the converter made of it.</param>
/// <param name="Thumbnail">A small one to show in a list, if there is one.</param>
internal sealed record Picture(
    PicturePlace Place, DateTime CreatedAt, string Converter, string Parameters, StoredImage Original, StoredImage Converted, StoredImage? Thumbnail)
{
    public Guid Id => Place.Id;

    /// <summary>One of its images; null when it has no such.</summary>
    public StoredImage? Image(ImageKind kind) => kind switch
    {
        ImageKind.Original => Original,
        ImageKind.Converted => Converted,
        _ => Thumbnail,
    };
}
