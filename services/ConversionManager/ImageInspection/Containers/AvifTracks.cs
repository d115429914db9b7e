namespace ImageEditor.ConversionManager.ImageInspection.Containers;

/// <summary>The tracks of an AVIF sequence: its colours, and beside them often its alpha, frame for frame.</summary>
internal static class AvifTracks
{
    /// <summary>Adds the frames of the longest track, at the size of the largest.</summary>
    public static void AddFrames(ReadOnlySpan<byte> moov, FrameTotals totals)
    {
        ulong width = 0;
        ulong height = 0;
        ulong frames = 0;
        var reader = new BoxReader(moov);
        while (reader.MoveNext())
        {
            if (!reader.Type.SequenceEqual("trak"u8))
            {
                continue;
            }

            frames = Math.Max(frames, SampleCount(reader.Data));

            // A track header ends with width and height, in 16.16 fixed point.
            if (BoxReader.TryFind(reader.Data, "tkhd"u8, out var header) && header.Length >= 8)
            {
                width = Math.Max(width, Number(header[^8..^4]) >> 16);
                height = Math.Max(height, Number(header[^4..]) >> 16);
            }
        }

        totals.Add(width, height, frames);
    }

    private static ulong SampleCount(ReadOnlySpan<byte> track)
    {
        if (!BoxReader.TryFind(track, "mdia"u8, "minf"u8, out var minf)
            || !BoxReader.TryFind(minf, "stbl"u8, out var samples)
            || (!BoxReader.TryFind(samples, "stsz"u8, out var sizes) && !BoxReader.TryFind(samples, "stz2"u8, out sizes))
            || sizes.Length < 12)
        {
            return 0;
        }

        // Version and flags (4 bytes), the size that all samples have or the width of their sizes (4), their number (4).
        return Number(sizes[8..12]);
    }

    private static ulong Number(ReadOnlySpan<byte> digits) => ByteCursor.Number(digits, bigEndian: true);
}
