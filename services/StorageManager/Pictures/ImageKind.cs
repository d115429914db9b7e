namespace ImageEditor.StorageManager.Pictures;

/// <summary>The images of a picture.</summary>
internal enum ImageKind
{
    Original,
    Converted,
    Thumbnail,
    Display,
}

internal static class ImageKinds
{
    public static IReadOnlyList<ImageKind> All { get; } = [ImageKind.Original, ImageKind.Converted, ImageKind.Thumbnail, ImageKind.Display];

    /// <summary>The name in keys, addresses and forms.</summary>
    public static string Name(this ImageKind kind) => kind switch
    {
        ImageKind.Original => "original",
        ImageKind.Converted => "converted",
        ImageKind.Thumbnail => "thumbnail",
        _ => "display",
    };

    /// <summary>Parses a name, which is in lower case.</summary>
    public static bool TryParse(string? name, out ImageKind kind)
    {
        kind = All.FirstOrDefault(one => one.Name() == name);
        return kind.Name() == name;
    }
}
