using ImageEditor.ServiceDefaults.Problems;

namespace ImageEditor.Converters.Images.Containers;

/// <summary>What is said of kinds of files that are not read, in words that go after "The TIFF file".</summary>
internal static class UnreadKinds
{
    public const string OfSizes =
        "has pages of different sizes, which cannot be converted together. Send each page as a file of its own.";

    public const string OfCompression =
        "is compressed in a way that is not read here. Save it anew with another compression, such as LZW or Deflate.";

    public const string OfJpegProcess =
        "is of a rare kind of JPEG (lossless, hierarchical or arithmetic-coded), which is not read here. Save it as a usual JPEG.";

    public const string OfJpegDepth =
        "has other than 8 bits per sample, which are not read in a JPEG. Save it as a JPEG of 8 bits, or as a PNG or TIFF of 16.";

    public const string OfDepth = "has a number of bits per sample that is not read here; 8 and 16 are. Save it with one of these.";

    public const string OfLayout = "stores its colours in a way that is not read here. Save it as grey, RGB or CMYK of 8 or 16 bits.";

    public const string OfFeature = "uses a feature of its format that is not read here. Save it anew, as a plain picture of 8 bits.";

    public const string OfSize =
        "takes more memory or more parts to decode than are given to one picture. Save it anew, as a plain picture.";

    /// <summary>422, with the reason.</summary>
    /// <param name="format">What the format is called.</param>
    /// <param name="reason">One of the sentences above, or another.</param>
    public static ProblemException Refuse(string format, string reason) => ProblemTypes.NotDecodable.Refuse($"The {format} file {reason}");
}
