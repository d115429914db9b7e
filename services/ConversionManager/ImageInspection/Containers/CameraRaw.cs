namespace ImageEditor.ConversionManager.ImageInspection.Containers;

/// <summary>
/// Files of what a camera's sensor saw, which has to be developed to become a picture. Most are TIFF files whose first picture is a
/// thumbnail: read as TIFF, they would be converted in that size.
/// </summary>
internal static class CameraRaw
{
    /// <summary>What is said of all of them.</summary>
    public const string Refusal =
        "This is a camera raw file, which is no finished picture. Develop it first: open it in a raw converter or the camera's own "
        + "program and export it.";

    private const ulong SubDirectories = 330;
    private const ulong Compression = 259;
    private const ulong Photometric = 262;

    /// <summary>Whether bytes that are no TIFF begin like a camera raw file.</summary>
    public static bool HasSignatureOfOne(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("FUJIFILMCCD-RAW"u8)
        || bytes.StartsWith("IIRO"u8) || bytes.StartsWith("IIRS"u8) || bytes.StartsWith("MMOR"u8)
        || bytes.StartsWith("IIU\0"u8)
        || bytes.StartsWith("FOVb"u8)
        || bytes.StartsWith("\0MRM"u8)
        || (bytes.Length >= 14 && bytes[6..14].SequenceEqual("HEAPCCDR"u8))
        || (bytes.Length >= 12 && bytes[4..12].SequenceEqual("ftypcrx "u8));

    /// <summary>Whether a TIFF is a DNG or a camera's own kind: some directory, at whatever depth, holds a sensor's values.</summary>
    public static bool IsTiffOfOne(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 12 && (bytes[8..11].SequenceEqual("CR\u0002"u8) || bytes[8..12].SequenceEqual("IIII"u8)))
        {
            return true;
        }

        var file = new TiffFile(bytes);
        var offsets = new Stack<ulong>();
        if (file.TryReadHeader(out var first))
        {
            offsets.Push(first);
        }

        // Each directory costs its length every time, and each place that is named as one the least length: an endless nest has used up
        // twice the file's length soon, and few places are ever kept.
        var budget = 2L * bytes.Length;
        var least = file.DirectoryOverhead + file.EntryBytes;
        while (offsets.TryPop(out var offset) && budget > 0)
        {
            if (offset == 0 || !file.TryReadDirectory(offset, out var entries, out var next))
            {
                continue;
            }

            budget -= entries.Length + file.DirectoryOverhead;
            offsets.Push(next);
            for (; entries.Length >= file.EntryBytes; entries = entries[file.EntryBytes..])
            {
                var entry = entries[..file.EntryBytes];
                var tag = file.Number(entry[..2]);
                if (IsOfSensor(tag) || (tag is Compression or Photometric && IsOfSensor(tag, file.ReadSingle(entry))))
                {
                    return true;
                }

                if (tag == SubDirectories && file.TryReadArray(entry, out var values, out var valueBytes))
                {
                    for (; budget > 0 && values.Length >= valueBytes; values = values[valueBytes..])
                    {
                        budget -= least;
                        offsets.Push(file.Number(values[..valueBytes]));
                    }
                }
            }
        }

        return false;
    }

    /// <summary>The pattern of the colour filters (two tags), and DNG's version.</summary>
    private static bool IsOfSensor(ulong tag) => tag is 33421 or 33422 or 50706;

    /// <summary>Colour filters or a linear sensor as what its colours are; Sony's, Nikon's, Pentax's and Kodak's compressions.</summary>
    private static bool IsOfSensor(ulong tag, ulong value) => tag == Photometric
        ? value is 32803 or 34892
        : value is 32767 or 32769 or 34713 or 65000 or 65535;
}
