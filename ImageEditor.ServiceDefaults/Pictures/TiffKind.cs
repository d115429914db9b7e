namespace ImageEditor.ServiceDefaults.Pictures;

/// <summary>What the first picture of a TIFF file (TIFF 6.0) is said to be, and whether a right picture is made of it.</summary>
/// <param name="Bits">BitsPerSample, of each channel or of all.</param>
/// <param name="Channels">SamplesPerPixel.</param>
/// <param name="Photometric">What its colours are: 0 and 1 grey, 2 RGB, 3 a palette, 5 CMYK, 6 YCbCr, 8 to 10 Lab; null where unsaid.</param>
/// <param name="Compression">1 for none, 0 where it is not said.</param>
/// <param name="SampleFormats">What its numbers are: 1 whole, 2 signed, 3 floating point; nothing where it is not said.</param>
/// <param name="Extra">What channels beyond the colours are: 0 anything, 1 alpha that colours are multiplied by, 2 alpha.</param>
/// <param name="ChromaSubsampling">Of YCbCr, horizontally and vertically.</param>
public sealed record TiffKind(
    IReadOnlyList<ulong> Bits,
    ulong Channels,
    ulong? Photometric,
    ulong Compression,
    IReadOnlyList<ulong> SampleFormats,
    IReadOnlyList<ulong> Extra,
    IReadOnlyList<ulong> ChromaSubsampling)
{
    /// <summary>How many values of an entry are looked at; real pictures have no more channels.</summary>
    public const int MostValues = 16;

    private const string OfNumbers =
        "has samples of a type that is not read here (signed or floating point). Save it as grey, RGB or CMYK of 8 or 16 bits.";

    private const string OfSeveralKinds =
        "has samples of different kinds: other numbers of bits, or other types, from channel to channel. "
        + "Save it with 8 or 16 bits in each.";

    private const string OfMask =
        "has a page that is a transparency mask, which is not read here. Save it as one picture with an alpha channel.";

    /// <summary>Four inks and alpha; libvips has no name for more.</summary>
    private const int MaxChannels = 5;

    /// <summary>Values of Photometric.</summary>
    private const ulong MinIsWhite = 0, MinIsBlack = 1, Rgb = 2, Palette = 3, Mask = 4, Inks = 5, YCbCr = 6;
    private const ulong Lab = 8, IccLab = 9, ItuLab = 10;

    /// <summary>Values of SampleFormat; where it says that it does not know, numbers are whole ones.</summary>
    private const ulong Whole = 1, FloatingPoint = 3, Unknown = 4;

    /// <summary>What libvips is built with: none, fax, LZW, JPEG, Deflate, PackBits, ThunderScan, NeXT, LogLuv; 0 where none is said.</summary>
    private static readonly ulong[] ReadCompressions =
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 32_766, 32_771, 32_773, 32_809, 32_946, 34_676, 34_677];

    /// <summary>Whether a page is no picture, but says where another one is transparent.</summary>
    /// <param name="photometric">What its colours are; null where it is not said.</param>
    /// <param name="subfileType">Its NewSubfileType.</param>
    public static bool IsMask(ulong? photometric, ulong subfileType) => photometric == Mask || (subfileType & 4) != 0;

    /// <summary>What channels beyond the colours are, each 0 for anything, 1 or 2 for alpha.</summary>
    public IReadOnlyList<int> ExtraChannels()
    {
        var colours = Photometric switch { Rgb or YCbCr or Lab or IccLab or ItuLab => 3ul, Inks => 4ul, _ => 1ul };
        return Channels <= colours || Channels > 64
            ? []
            : [.. Enumerable.Range(0, (int)(Channels - colours)).Select(i => i < Extra.Count ? (int)Math.Min(Extra[i], 3) : 0)];
    }

    /// <summary>What no converter makes a right picture of, in words that go after "The TIFF file"; null where it may be read.</summary>
    /// <param name="hasMask">Whether one of its pages is a mask.</param>
    public string? FindUnread(bool hasMask)
    {
        var bits = Bits.Count > 0 ? Bits[0] : 1;
        var format = SampleFormats.Count > 0 ? SampleFormats[0] : Whole;
        var extra = ExtraChannels();
        return Bits.Any(other => other != bits) || SampleFormats.Any(other => other != format) ? OfSeveralKinds
            : hasMask ? OfMask
            : bits is not (1 or 2 or 4 or 8 or 16 or 32 or 64) ? OfBits(bits)
            : Channels > MaxChannels ? $"has {Channels} channels; four colours and one alpha at most are read. Save it with fewer."
            : Photometric is Lab && bits == 8 ? "stores its colours as Lab of 8 bits; Lab is read with 16. Save it so, or as RGB."
            : Photometric is Lab && extra.Any(kind => kind is 1 or 2)
                ? "stores its colours as Lab beside alpha, which is not read here. Save it as RGB."
            : Photometric is IccLab or ItuLab ? "stores its colours as ICC or ITU Lab, which is not read here. Save it as RGB."
            : Photometric is YCbCr && Compression is not (6 or 7) && ChromaSubsampling is [1, 1]
                ? "stores its colours as YCbCr without compression, which is not read here. Save it as RGB."
            : Photometric is MinIsWhite && extra.Contains(1)
                ? "stores grey with white as 0 and multiplied by alpha, which is not read here. Save it with black as 0."
            : !ReadCompressions.Contains(Compression) ? UnreadKinds.OfCompression
            : FindUnreadNumbers(bits, format);
    }

    /// <summary>What libvips would refuse, or read as other colours, because of how many channels there are and what numbers.</summary>
    private string? FindUnreadNumbers(ulong bits, ulong format)
    {
        var ofNumbers = format is not (Whole or Unknown) ? OfNumbers : bits is 8 or 16 ? null : OfBits(bits);
        return Photometric switch
        {
            null => null,
            MinIsWhite or MinIsBlack when bits < 8 => Channels == 1 ? null : OfBits(bits),
            MinIsWhite or MinIsBlack => ofNumbers,
            Palette => bits <= 8 ? null : ofNumbers,
            Rgb when Channels < 3 => UnreadKinds.OfLayout,
            Rgb => format == FloatingPoint && bits is (16 or 32) ? null : ofNumbers,
            Inks => Channels < 4 ? UnreadKinds.OfLayout : ofNumbers,
            YCbCr => Channels != 3 || format == FloatingPoint ? UnreadKinds.OfLayout : bits == 8 ? null : OfBits(bits),
            Lab when Channels < 3 => UnreadKinds.OfLayout,
            Lab => bits == 16 || (bits == 32 && format == FloatingPoint) ? null : OfBits(bits),
            _ => UnreadKinds.OfLayout,
        };
    }

    private static string OfBits(ulong bits) =>
        $"has {bits} bits per sample, which are not read in colours like its; 8 and 16 are. Save it with one of these.";
}
