using ImageEditor.ServiceDefaults.Problems;

namespace ImageEditor.ServiceDefaults.Pictures;

/// <summary>
/// What is said of whole files of kinds that are not read, in words that go after "The TIFF file"; on submission and by converters alike.
/// </summary>
public static class UnreadKinds
{
    /// <summary>Pages that differ in width or height.</summary>
    public const string OfSizes =
        "has pages of different sizes, which cannot be converted together. Send each page as a file of its own.";

    /// <summary>Pages that differ in bits, channels or what their colours are.</summary>
    public const string OfPages =
        "has pages of different kinds (bits, channels or colours), which cannot be converted together. "
        + "Send each page as a file of its own.";

    /// <summary>A compression of TIFF that libvips was built without, or that nobody knows.</summary>
    public const string OfCompression =
        "is compressed in a way that is not read here. Save it anew with another compression, such as LZW or Deflate.";

    /// <summary>A JPEG whose frame header is none of Huffman-coded baseline, extended or progressive ones.</summary>
    public const string OfJpegProcess =
        "is of a rare kind of JPEG (lossless, hierarchical or arithmetic-coded), which is not read here. Save it as a usual JPEG.";

    /// <summary>A JPEG of 12 bits, or others.</summary>
    public const string OfJpegDepth =
        "has other than 8 bits per sample, which are not read in a JPEG. Save it as a JPEG of 8 bits, or as a PNG or TIFF of 16.";

    /// <summary>A number of bits, where it is not known which.</summary>
    public const string OfDepth = "has a number of bits per sample that is not read here; 8 and 16 are. Save it with one of these.";

    /// <summary>Colours that libvips has no name for.</summary>
    public const string OfLayout = "stores its colours in a way that is not read here. Save it as grey, RGB or CMYK of 8 or 16 bits.";

    /// <summary>What a format has and the decoder has not.</summary>
    public const string OfFeature = "uses a feature of its format that is not read here. Save it anew, as a plain picture of 8 bits.";

    /// <summary>A small file that would take gigabytes.</summary>
    public const string OfSize =
        "takes more memory or more parts to decode than are given to one picture. Save it anew, as a plain picture.";

    /// <summary>An AVIF whose colours and alpha would be pieces of different sizes.</summary>
    public const string OfPieces = "cuts its colours and its alpha differently, which is not read here. Save it anew.";

    /// <summary>An AVIF whose alpha may be of any size, which the decoder would take.</summary>
    public const string OfAlphaSize = "does not say how large its alpha is, which is not read here. Save it anew.";

    /// <summary>A file of which a part is missing or wrong.</summary>
    public const string OfDamage =
        "ends too early or is damaged: it could not be decoded to its last pixel. Export the picture again and send the new file.";

    /// <summary>422, with the reason.</summary>
    /// <param name="format">What the format is called.</param>
    /// <param name="reason">One of the sentences above, or another.</param>
    public static ProblemException Refuse(string format, string reason) => ProblemTypes.NotDecodable.Refuse($"The {format} file {reason}");
}
