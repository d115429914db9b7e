using System.Globalization;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.StorageManager.Pictures;

namespace ImageEditor.StorageManager.Gallery;

/// <summary>Names under which images are downloaded.</summary>
internal static class FileNames
{
    /// <summary>Characters that a name may have, and a file on Windows may not.</summary>
    private const string Unsafe = "<>:\"|?*";

    /// <summary>The part that the files of a picture have in common: its name, or else its time and its converter.</summary>
    public static string Stem(Picture picture) => picture.Name is { } name
        ? string.Concat(PictureName.Stem(name).Select(character => Unsafe.Contains(character) ? '_' : character))
        : string.Create(CultureInfo.InvariantCulture, $"{picture.CreatedAt:yyyy-MM-dd_HH-mm-ss}_{Change(picture)}");

    /// <summary>The file name of an image: <c>holiday.jpg</c> of an original, <c>holiday-contrast.jpg</c> of what became of it.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="kind">Which of its images.</param>
    /// <param name="image">That image.</param>
    /// <param name="number">Tells pictures apart that are called the same; 1 for the first, whose file has none.</param>
    public static string ForImage(Picture picture, ImageKind kind, StoredImage image, int number = 1)
    {
        var numbered = number == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"_{number}");
        var extension = ImageTypes.Extension(image.Type);
        return PictureName.Join(Stem(picture), numbered + (picture.Name, kind) switch
        {
            (null, _) => $"_{kind.Name()}{extension}",
            ({ } name, ImageKind.Original) => PictureName.Extension(name, image.Type),
            (_, ImageKind.Display) => $"-{kind.Name()}{extension}",
            (_, ImageKind.Converted) => $"-{Change(picture)}{extension}",
            _ => $"-{Change(picture)}-{kind.Name()}{extension}",
        });
    }

    private static string Change(Picture picture) => picture.Recipe.Count == 1 ? picture.Converter : PictureName.Edited;
}
