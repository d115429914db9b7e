namespace ImageEditor.ConversionManager.ImageInspection.Containers;

/// <summary>The container formats that are read.</summary>
public enum ImageFormat
{
    Jpeg,
    Png,
    Webp,
    Gif,
    Avif,
    Tiff,

    /// <summary>HEIC and HEIF, as phones take pictures; read by <see cref="ImageInspector.InspectHeic"/> alone.</summary>
    Heic,
}

/// <summary>What a format is called, on the wire and in sentences.</summary>
public static class ImageFormatNames
{
    /// <summary>The media type for <c>Content-Type</c>, such as <c>image/jpeg</c>.</summary>
    public static string MediaType(this ImageFormat format) => "image/" + format.ToString().ToLowerInvariant();

    /// <summary>The name that people know the format by, such as <c>JPEG</c>.</summary>
    public static string DisplayName(this ImageFormat format) => format switch
    {
        ImageFormat.Webp => "WebP",
        _ => format.ToString().ToUpperInvariant(),
    };
}
