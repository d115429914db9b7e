using ImageEditor.ServiceDefaults.Pictures;
using ImageEditor.ServiceDefaults.Problems;
using NetVips;

namespace ImageEditor.Converters.Images;

/// <summary>
/// What libvips and its decoders say of a file that they do not read, and what it means for its owner. They say it to the whole process:
/// of two files that fail at once, one may get the other's message. Kinds that a container tells are therefore refused before they are
/// decoded.
/// </summary>
internal static class DecoderMessages
{
    /// <summary>
    /// Parts of messages, those of libvips 8.18 and of the versions around it; the first that fits counts. A test has the library say them.
    /// </summary>
    private static readonly (string Part, string Meaning)[] Meanings =
    [
        ("not all the same size", UnreadKinds.OfSizes),
        ("not all pages are the same size", UnreadKinds.OfSizes),
        ("differs from page", UnreadKinds.OfSizes),
        ("JPEG data precision", UnreadKinds.OfJpegDepth),
        ("SOF type", UnreadKinds.OfJpegProcess),
        ("rithmetic", UnreadKinds.OfJpegProcess),
        ("omitted at compile time", UnreadKinds.OfJpegProcess),
        ("is not configured", UnreadKinds.OfCompression),
        ("coding is not implemented", UnreadKinds.OfCompression),
        ("ompression scheme", UnreadKinds.OfCompression),
        ("not a whole number of bytes", UnreadKinds.OfDepth),
        ("bits per sample", UnreadKinds.OfDepth),
        ("unsupported tiff image type", UnreadKinds.OfDepth),
        ("photometric interpretation", UnreadKinds.OfLayout),
        ("samples per pixel", UnreadKinds.OfLayout),
        ("subsampled images", UnreadKinds.OfLayout),
        ("separate planes", UnreadKinds.OfLayout),
        ("LOGLUV", UnreadKinds.OfLayout),
        ("LogLuv", UnreadKinds.OfLayout),
        ("labq", UnreadKinds.OfLayout),
        ("can not handle", UnreadKinds.OfLayout),
        ("samples out of range", UnreadKinds.OfLayout),
        ("unsupported color type", UnreadKinds.OfLayout),
        ("nsupported feature", UnreadKinds.OfFeature),
        ("nsupported codec", UnreadKinds.OfFeature),
        ("nsupported color conversion", UnreadKinds.OfFeature),
        ("nsupported image type", UnreadKinds.OfFeature),
        ("ecurity limit", UnreadKinds.OfSize),
        ("tile size out of range", UnreadKinds.OfSize),
    ];

    /// <summary>422, with the reason.</summary>
    /// <param name="format">The file's format.</param>
    /// <param name="exception">What the library said.</param>
    public static ProblemException Explain(ImageFormat format, VipsException exception)
    {
        var meaning = Array.Find(Meanings, meaning => exception.Message.Contains(meaning.Part, StringComparison.Ordinal)).Meaning;
        return new ProblemException(UnreadKinds.Refuse(format.DisplayName(), meaning ?? UnreadKinds.OfDamage).Problem, exception);
    }
}
