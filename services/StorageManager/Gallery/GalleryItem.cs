using System.Text.Json;
using ImageEditor.StorageManager.Pictures;

namespace ImageEditor.StorageManager.Gallery;

/// <summary>A page of the gallery.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="Next">The cursor of the next page; null after the last.</param>
internal sealed record GalleryPage(IReadOnlyList<GalleryItem> Items, string? Next);

/// <summary>A picture as its owner sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="JobId">The job that made it.</param>
/// <param name="CreatedAt">When that job was created, UTC.</param>
/// <param name="Name">What you call it; null when it came without a name.</param>
/// <param name="Recipe">What made it, step by step.</param>
/// <param name="Converter">The first step's converter.</param>
/// <param name="Parameters">The first step's parameters.</param>
/// <param name="Original">The submitted image.</param>
/// <param name="Converted">The converter's result.</param>
/// <param name="Thumbnail">A small one; null when there is none.</param>
/// <param name="Display">A copy of the original that browsers show; null where they show the original, or there is none.</param>
internal sealed record GalleryItem(
    Guid Id,
    string JobId,
    DateTime CreatedAt,
    string? Name,
    IReadOnlyList<RecipeStep> Recipe,
    string Converter,
    JsonElement Parameters,
    GalleryImage Original,
    GalleryImage Converted,
    GalleryImage? Thumbnail,
    GalleryImage? Display)
{
    public static GalleryItem From(Picture picture) => new(
        picture.Id,
        picture.Location.Job.ToString(),
        picture.CreatedAt,
        picture.Name,
        picture.Recipe,
        picture.Converter,
        picture.Parameters,
        GalleryImage.From(picture.Id, ImageKind.Original, picture.Original),
        GalleryImage.From(picture.Id, ImageKind.Converted, picture.Converted),
        picture.Thumbnail is { } thumbnail ? GalleryImage.From(picture.Id, ImageKind.Thumbnail, thumbnail) : null,
        picture.Display is { } display ? GalleryImage.From(picture.Id, ImageKind.Display, display) : null);
}

/// <summary>An image of a picture.</summary>
/// <param name="Url">Where to get it.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Type">Its media type.</param>
internal sealed record GalleryImage(string Url, int Width, int Height, long Bytes, string Type)
{
    public static GalleryImage From(Guid id, ImageKind kind, StoredImage image) =>
        new($"/api/gallery/{id}/{kind.Name()}", image.Width, image.Height, image.Bytes, image.Type);
}
