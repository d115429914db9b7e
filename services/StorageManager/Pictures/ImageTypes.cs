using System.Diagnostics.CodeAnalysis;

namespace ImageEditor.StorageManager.Pictures;

/// <summary>The media types of images that this system reads and writes, and their usual file extensions.</summary>
internal static class ImageTypes
{
    private static readonly Dictionary<string, string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["image/jpeg"] = ".jpg",
        ["image/png"] = ".png",
        ["image/webp"] = ".webp",
        ["image/gif"] = ".gif",
        ["image/avif"] = ".avif",
        ["image/tiff"] = ".tiff",
        ["image/heic"] = ".heic",
    };

    /// <summary>All media types, for an error message.</summary>
    public static string All { get; } = string.Join(", ", Extensions.Keys);

    public static bool IsKnown([NotNullWhen(true)] string? type) => type is not null && Extensions.ContainsKey(type);

    /// <summary>The extension, with its dot.</summary>
    public static string Extension(string type) => Extensions[type];
}
