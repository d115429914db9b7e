using ImageEditor.ServiceDefaults.Pictures;

namespace ImageEditor.ConversionManager.ImageInspection.Containers;

/// <summary>
/// JPEG: marker segments, then entropy-coded scans (ITU-T T.81, annex B). Only the first image counts: thumbnails lie inside
/// APPn segments, which are skipped whole, and the further images of an MPO come after the end of the first.
/// </summary>
internal static class JpegContainer
{
    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;
    private const byte ProfileSegment = 0xE2;
    private const int ReadablePrecision = 8;

    private static ReadOnlySpan<byte> Signature => [0xFF, StartOfImage, 0xFF];

    public static bool Matches(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Signature);

    public static Inspection Inspect(ReadOnlySpan<byte> bytes)
    {
        var cursor = new ByteCursor(bytes[2..]);
        Inspection? frame = null;
        var scans = 0;
        long profileBytes = 0;
        while (TryReadMarker(ref cursor, out var marker) && marker is not (EndOfImage or StartOfImage))
        {
            if (IsStandalone(marker))
            {
                continue;
            }

            if (!TryReadSegment(ref cursor, out var segment))
            {
                break;
            }

            if (marker == StartOfScan)
            {
                if (frame is null)
                {
                    break;
                }

                scans++;
            }
            else if (IsFrameHeader(marker) && scans == 0)
            {
                // A decoder takes the first one or none; nothing that writes JPEG makes two.
                if (frame is not null)
                {
                    return Inspection.Damaged(ImageFormat.Jpeg, "gives its size twice");
                }

                frame = ReadFrameHeader(marker, segment);
                if (!frame.IsAccepted)
                {
                    return frame;
                }
            }
            else if (marker == ProfileSegment && segment.StartsWith("ICC_PROFILE\0"u8))
            {
                profileBytes += segment.Length;
                if (profileBytes > ImageRefusal.MaxProfileBytes)
                {
                    return Inspection.Refused(ImageRefusal.ProfileTooLarge(ImageFormat.Jpeg));
                }
            }
        }

        return frame is null
            ? Inspection.Damaged(ImageFormat.Jpeg, "ends or breaks off before its size is given")
            : Inspection.Accepted(frame.Info! with
            {
                Scans = Math.Max(scans, 1),
                MaxChannels = ImageInfo.ChannelsWithoutAlpha,
                MaxBytesPerChannel = 1,
                MaxProfileBytes = (int)profileBytes,
            });
    }

    /// <summary>What keeps the file from being complete; null when it is: a scan, and the end marker as its last bytes.</summary>
    public static string? FindDamage(ReadOnlySpan<byte> bytes)
    {
        var cursor = new ByteCursor(bytes[2..]);
        var hasScan = false;

        // Reading the next marker also skips entropy-coded data, in which 0xFF is always followed by 0 or a restart marker.
        while (TryReadMarker(ref cursor, out var marker))
        {
            if (marker == EndOfImage)
            {
                return !hasScan ? "holds no pixel data" : cursor.Remaining > 0 ? "goes on after its end" : null;
            }

            if (!IsStandalone(marker) && !TryReadSegment(ref cursor, out _))
            {
                break;
            }

            hasScan |= marker == StartOfScan;
        }

        return "ends too early";
    }

    private static Inspection ReadFrameHeader(byte marker, ReadOnlySpan<byte> segment)
    {
        // Precision (1 byte), height (2), width (2), number of components (1), then 3 bytes for each of them.
        if (segment.Length < 6 || segment[5] == 0 || segment.Length != 6 + (3 * segment[5]))
        {
            return Inspection.Damaged(ImageFormat.Jpeg, "has a frame header of the wrong length");
        }

        if (!IsReadProcess(marker))
        {
            return Inspection.Unread(ImageFormat.Jpeg, UnreadKinds.OfJpegProcess);
        }

        if (segment[0] != ReadablePrecision)
        {
            return Inspection.Unread(ImageFormat.Jpeg, UnreadKinds.OfJpegDepth);
        }

        var totals = new FrameTotals(ImageFormat.Jpeg);
        totals.Add(ByteCursor.Number(segment[3..5], bigEndian: true), ByteCursor.Number(segment[1..3], bigEndian: true));
        return totals.ToInspection();
    }

    /// <summary>Finds the next marker as libjpeg does: what is not one is skipped, and 0xFF may be repeated as filling.</summary>
    private static bool TryReadMarker(ref ByteCursor cursor, out byte marker)
    {
        marker = 0;
        while (true)
        {
            var at = cursor.Rest.IndexOf((byte)0xFF);
            if (at < 0 || !cursor.TrySkip(at))
            {
                return false;
            }

            var filling = cursor.Rest.IndexOfAnyExcept((byte)0xFF);
            if (filling < 0 || !cursor.TrySkip(filling) || !cursor.TryReadBigEndian(1, out var found))
            {
                return false;
            }

            if (found != 0)
            {
                marker = (byte)found;
                return true;
            }
        }
    }

    private static bool TryReadSegment(ref ByteCursor cursor, out ReadOnlySpan<byte> segment)
    {
        segment = default;
        return cursor.TryReadBigEndian(2, out var length) && length >= 2 && cursor.TryTake((long)length - 2, out segment);
    }

    /// <summary>Markers without a segment: TEM and the restart markers.</summary>
    private static bool IsStandalone(byte marker) => marker is 0x01 or (>= 0xD0 and <= 0xD7);

    /// <summary>Baseline, extended and progressive pictures; with arithmetic coding (0xC9, 0xCA), which libjpeg-turbo knows, too.</summary>
    private static bool IsReadProcess(byte frameHeader) => frameHeader is (>= 0xC0 and <= 0xC2) or 0xC9 or 0xCA;

    /// <summary>SOF0 to SOF15; the gaps are DHT, JPG and DAC.</summary>
    private static bool IsFrameHeader(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
}
