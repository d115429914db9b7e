namespace ImageEditor.Converters.Images;

/// <summary>The formats that are read and written.</summary>
internal enum ImageFormat
{
    Jpeg,
    Png,
    Webp,
    Gif,
    Avif,
    Tiff,
}
