namespace ImageEditor.Converters.Images;

/// <summary>The names of the formats, and what each can store.</summary>
internal static class ImageFormats
{
    /// <summary>The values of the parameter <c>format</c>.</summary>
    public static readonly IReadOnlyDictionary<string, ImageFormat> Selectable = new Dictionary<string, ImageFormat>
    {
        ["jpeg"] = ImageFormat.Jpeg,
        ["png"] = ImageFormat.Png,
        ["webp"] = ImageFormat.Webp,
        ["avif"] = ImageFormat.Avif,
    };

    /// <summary>Media types of all formats.</summary>
    public static IEnumerable<string> MediaTypes => Enum.GetValues<ImageFormat>().Select(MediaType);

    /// <summary>Its name in parameters.</summary>
    public static string Name(this ImageFormat format) => format.ToString().ToLowerInvariant();

    public static string MediaType(this ImageFormat format) => "image/" + format.Name();

    /// <summary>The name that people know the format by.</summary>
    public static string DisplayName(this ImageFormat format) => format == ImageFormat.Webp ? "WebP" : format.ToString().ToUpperInvariant();

    /// <summary>Whether a file of this format may hold several frames or pages.</summary>
    public static bool SupportsFrames(this ImageFormat format) => format is ImageFormat.Gif or ImageFormat.Webp or ImageFormat.Tiff;

    /// <summary>Whether a grey image may keep its grey profile; the others are RGB inside.</summary>
    public static bool SupportsGreyProfile(this ImageFormat format) => format is ImageFormat.Jpeg or ImageFormat.Png or ImageFormat.Tiff;
}
