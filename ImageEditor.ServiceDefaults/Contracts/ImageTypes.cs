using System.Diagnostics.CodeAnalysis;

namespace ImageEditor.ServiceDefaults.Contracts;

/// <summary>The media types of images that this system reads and writes, and the endings of their files.</summary>
public static class ImageTypes
{
    /// <summary>The usual ending first.</summary>
    private static readonly Dictionary<string, string[]> ExtensionsByType = new(StringComparer.OrdinalIgnoreCase)
    {
        ["image/jpeg"] = [".jpg", ".jpeg", ".jpe", ".jfif"],
        ["image/png"] = [".png"],
        ["image/webp"] = [".webp"],
        ["image/gif"] = [".gif"],
        ["image/avif"] = [".avif"],
        ["image/tiff"] = [".tiff", ".tif"],
        ["image/heic"] = [".heic", ".heif"],
    };

    private static readonly HashSet<string> UnshownTypes = new(["image/tiff", "image/heic"], StringComparer.OrdinalIgnoreCase);

    /// <summary>All media types, for an error message.</summary>
    public static string All { get; } = string.Join(", ", ExtensionsByType.Keys);

    /// <summary>Whether a media type is one of them.</summary>
    public static bool IsKnown([NotNullWhen(true)] string? type) => type is not null && ExtensionsByType.ContainsKey(type);

    /// <summary>Whether browsers show files of a type.</summary>
    public static bool ShowInBrowsers(string type) => !UnshownTypes.Contains(type);

    /// <summary>The usual ending of a type's files, with its dot; empty for an unknown type.</summary>
    public static string Extension(string type) => ExtensionsByType.TryGetValue(type, out var extensions) ? extensions[0] : "";

    /// <summary>Whether a type's files may end so.</summary>
    public static bool HasExtension(string type, string extension) =>
        ExtensionsByType.TryGetValue(type, out var extensions) && extensions.Contains(extension, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether files of any of the types end so.</summary>
    public static bool IsExtension(string extension) =>
        ExtensionsByType.Values.Any(extensions => extensions.Contains(extension, StringComparer.OrdinalIgnoreCase));
}
