using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Images;
using ImageEditor.Converters.Pipeline;
using NetVips;

namespace ImageEditor.Converters.Thumbnail;

/// <summary>The internal converter <c>thumbnail</c>: small copies of large files, without decoding more of them than they need.</summary>
internal static class SmallCopies
{
    private const int ThumbnailSide = 512;
    private const int DisplaySide = 2048;
    private const int DisplayQuality = 85;
    private const string Display = "display";

    private static readonly ChoiceParameter Copy = new(
        "copy",
        "Copy",
        $"What it is for: a thumbnail is a WebP of at most {ThumbnailSide} pixels a side; what browsers are to display is a JPEG, or a PNG "
        + $"where there is alpha, of at most {DisplaySide}.",
        ["thumbnail", Display],
        "thumbnail");

    public static readonly ConverterDescriptor Descriptor = new(
        "thumbnail", "Thumbnail", "Makes a small copy of a picture's first frame, for a gallery or for a browser.")
    {
        Category = ConverterCategory.File,
        Version = 2,
        Public = false,
        Format = "webp",
        Parameters = [Copy],
    };

    /// <summary>Makes a picture's first frame fit into a square; one that fits already keeps its size.</summary>
    /// <returns>Upright, in sRGB without a profile.</returns>
    /// <exception cref="VipsException">The file is damaged.</exception>
    public static Image Create(Conversion conversion)
    {
        var isForDisplay = conversion.Get(Copy) == Display;
        using var small = conversion.Shrunk(isForDisplay ? DisplaySide : ThumbnailSide);
        if (!isForDisplay)
        {
            return Colours.ToSrgb(small);
        }

        using var srgb = Colours.ToSrgb(small);
        using var shallow = Colours.ToEightBits(srgb);

        // Read twice: whether anything is transparent decides about the format.
        var memory = shallow.CopyMemory();
        conversion.Result = conversion.Encode(memory, IsTransparent(memory) ? "png" : "jpeg", DisplayQuality);
        return memory;
    }

    private static bool IsTransparent(Image image)
    {
        if (!image.HasAlpha())
        {
            return false;
        }

        using var alpha = image.ExtractBand(image.Bands - 1);
        return alpha.Min() < byte.MaxValue;
    }
}
