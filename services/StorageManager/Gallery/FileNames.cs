using System.Globalization;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.StorageManager.Pictures;

namespace ImageEditor.StorageManager.Gallery;

/// <summary>Names under which images are downloaded.</summary>
internal static class FileNames
{
    /// <summary>The part that the files of a picture have in common: its time and its converter.</summary>
    public static string Stem(Picture picture) =>
        string.Create(CultureInfo.InvariantCulture, $"{picture.CreatedAt:yyyy-MM-dd_HH-mm-ss}_{picture.Converter}");

    /// <summary>The file name of an image, of its picture's stem.</summary>
    public static string ForImage(string stem, ImageKind kind, StoredImage image) =>
        $"{stem}_{kind.Name()}{ImageTypes.Extension(image.Type)}";
}
