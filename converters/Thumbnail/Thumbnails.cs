using ImageEditor.Converters.Images;
using ImageEditor.Converters.Pipeline;
using NetVips;

namespace ImageEditor.Converters.Thumbnail;

/// <summary>Makes small pictures of large files without decoding more than they need.</summary>
internal static class Thumbnails
{
    /// <summary>Makes a picture's first frame fit into a square. JPEG and WebP are decoded smaller to begin with.</summary>
    /// <param name="conversion">The picture.</param>
    /// <param name="side">Pixels; a picture that fits already keeps its size.</param>
    /// <returns>Upright, in sRGB without a profile; alpha is kept.</returns>
    /// <exception cref="VipsException">The file is damaged.</exception>
    public static Image Create(Conversion conversion, int side)
    {
        using var small = conversion.Shrunk(side);
        return Colours.ToSrgb(small);
    }
}
