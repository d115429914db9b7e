using System.Globalization;
using ImageEditor.StorageManager.Pictures;

namespace ImageEditor.StorageManager.Api;

/// <summary>Names under which images are downloaded.</summary>
internal static class FileNames
{
    /// <summary>When, by which converter: what a picture's files have in common.</summary>
    public static string Stem(Picture picture) =>
        string.Create(CultureInfo.InvariantCulture, $"{picture.CreatedAt:yyyy-MM-dd_HH-mm-ss}_{picture.Converter}");

    /// <summary>The file's name.</summary>
    /// <param name="stem">Its picture's.</param>
    /// <param name="kind">Which image.</param>
    /// <param name="image">The image.</param>
    public static string Of(string stem, ImageKind kind, StoredImage image) => $"{stem}_{kind.Name()}{ImageTypes.Extension(image.Type)}";
}
