using ImageEditor.Converters.Images;
using NetVips;

namespace ImageEditor.Converters.Thumbnail;

/// <summary>Makes small pictures of large files without decoding more than they need.</summary>
internal static class Thumbnails
{
    /// <summary>Makes a picture's first frame fit into a square. JPEG and WebP are decoded smaller to begin with.</summary>
    /// <param name="file">An encoded picture within the limits.</param>
    /// <param name="side">Pixels; a picture that fits already keeps its size.</param>
    /// <returns>Upright, in sRGB without a profile; alpha is kept.</returns>
    /// <exception cref="VipsException">The file is damaged.</exception>
    public static Image Create(byte[] file, int side)
    {
        // As an option of the loader: the operation's own argument does not reach it, and half a file would make half a picture.
        using var small = Image.ThumbnailBuffer(file, side, "[fail-on=error]", height: side, size: Enums.Size.Down);
        using var fitting = Colours.WithoutForeignProfile(small);
        return Colours.ToSrgb(fitting);
    }
}
