using ImageEditor.ServiceDefaults.Problems;

namespace ImageEditor.Converters.Images;

/// <summary>
/// What libvips and its decoders say of a file that they do not read, and what it means for its owner. They say it to the whole process:
/// of two files that fail at once, one may get the other's message. Kinds that a container tells are therefore refused before they are
/// decoded.
/// </summary>
internal static class DecoderMessages
{
    private const string Damaged =
        "ends too early or is damaged: it could not be decoded to its last pixel. Export the picture again and send the new file.";

    private const string OfSizes = "has pages of different sizes, which cannot be converted together. Send each page as a file of its own.";

    private const string OfCompression =
        "is compressed in a way that is not read here. Save it anew with another compression, such as LZW or Deflate.";

    private const string OfJpegProcess =
        "is of a rare kind of JPEG (lossless, hierarchical or arithmetic-coded), which is not read here. Save it as a usual JPEG.";

    private const string OfJpegDepth =
        "has other than 8 bits per sample, which are not read in a JPEG. Save it as a JPEG of 8 bits, or as a PNG or TIFF of 16.";

    private const string OfDepth =
        "has a number of bits per sample that is not read here; 8 and 16 are. Save it with one of these.";

    private const string OfLayout =
        "stores its colours in a way that is not read here. Save it as grey, RGB or CMYK of 8 or 16 bits.";

    private const string OfFeature =
        "uses a feature of its format that is not read here. Save it anew, as a plain picture of 8 bits.";

    private const string OfSize =
        "takes more memory or more parts to decode than are given to one picture. Save it anew, as a plain picture.";

    /// <summary>
    /// Parts of messages, those of libvips 8.18 and of the versions around it; the first that fits counts. A test has the library say them.
    /// </summary>
    private static readonly (string Part, string Meaning)[] Meanings =
    [
        ("not all the same size", OfSizes),
        ("not all pages are the same size", OfSizes),
        ("differs from page", OfSizes),
        ("JPEG data precision", OfJpegDepth),
        ("SOF type", OfJpegProcess),
        ("rithmetic", OfJpegProcess),
        ("omitted at compile time", OfJpegProcess),
        ("is not configured", OfCompression),
        ("coding is not implemented", OfCompression),
        ("ompression scheme", OfCompression),
        ("not a whole number of bytes", OfDepth),
        ("bits per sample", OfDepth),
        ("unsupported tiff image type", OfDepth),
        ("photometric interpretation", OfLayout),
        ("samples per pixel", OfLayout),
        ("subsampled images", OfLayout),
        ("separate planes", OfLayout),
        ("LOGLUV", OfLayout),
        ("LogLuv", OfLayout),
        ("labq", OfLayout),
        ("can not handle", OfLayout),
        ("samples out of range", OfLayout),
        ("unsupported color type", OfLayout),
        ("nsupported feature", OfFeature),
        ("nsupported codec", OfFeature),
        ("nsupported color conversion", OfFeature),
        ("nsupported image type", OfFeature),
        ("ecurity limit", OfSize),
        ("tile size out of range", OfSize),
    ];

    /// <summary>422, for colours that cannot be computed with.</summary>
    public static ProblemException ExplainLayout(ImageFormat format) => Refuse(format, OfLayout);

    /// <summary>422, for pages that cannot be stacked.</summary>
    public static ProblemException ExplainSizes(ImageFormat format) => Refuse(format, OfSizes);

    /// <summary>422, for a compression that is not read.</summary>
    public static ProblemException ExplainCompression(ImageFormat format) => Refuse(format, OfCompression);

    /// <summary>422, for a JPEG of a process that is not read.</summary>
    public static ProblemException ExplainJpegProcess() => Refuse(ImageFormat.Jpeg, OfJpegProcess);

    /// <summary>422, for a JPEG of other than 8 bits.</summary>
    public static ProblemException ExplainJpegDepth() => Refuse(ImageFormat.Jpeg, OfJpegDepth);

    /// <summary>422, with the reason.</summary>
    /// <param name="format">The file's format.</param>
    /// <param name="message">What the library said.</param>
    public static ProblemException Explain(ImageFormat format, string message)
    {
        var meaning = Array.Find(Meanings, meaning => message.Contains(meaning.Part, StringComparison.Ordinal)).Meaning ?? Damaged;
        return Refuse(format, meaning);
    }

    private static ProblemException Refuse(ImageFormat format, string meaning) =>
        ProblemTypes.NotDecodable.Refuse($"The {format.DisplayName()} file {meaning}");
}
