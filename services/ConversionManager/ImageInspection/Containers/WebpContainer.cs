namespace ImageEditor.ConversionManager.ImageInspection.Containers;

/// <summary>
/// WebP: a RIFF file that holds one VP8 or VP8L bitstream, or after a VP8X header any number of frames (RFC 9649). Header, frames
/// and bitstreams each give a size; decoders differ in which they believe, so the largest counts.
/// </summary>
internal static class WebpContainer
{
    private const int HeaderBytes = 12;
    private const int FrameHeaderBytes = 16;

    private static ReadOnlySpan<byte> KeyFrameStart => [0x9D, 0x01, 0x2A];

    public static bool Matches(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= HeaderBytes && bytes.StartsWith("RIFF"u8) && bytes[8..HeaderBytes].SequenceEqual("WEBP"u8);

    public static Inspection Inspect(ReadOnlySpan<byte> bytes)
    {
        var canvas = new Canvas();
        ulong frames = 0;
        var hasStill = false;

        var reader = new RiffReader(Body(bytes));
        while (reader.MoveNext())
        {
            if (reader.Type.SequenceEqual("VP8X"u8))
            {
                // Flags (1 byte), reserved (3), width - 1 (3), height - 1 (3).
                if (reader.Data.Length < 10)
                {
                    return Inspection.Damaged(ImageFormat.Webp, "ends inside its header");
                }

                canvas.ExtendTo(1 + Number(reader.Data[4..7]), 1 + Number(reader.Data[7..10]));
            }
            else if (reader.Type.SequenceEqual("ICCP"u8) && reader.Data.Length > ImageRefusal.MaxProfileBytes)
            {
                return Inspection.Refused(ImageRefusal.ProfileTooLarge(ImageFormat.Webp));
            }
            else if (IsBitstream(reader.Type))
            {
                hasStill = true;
                if (!TryAddBitstream(reader.Type, reader.Data, ref canvas))
                {
                    return Inspection.Damaged(ImageFormat.Webp, "has a broken frame header");
                }
            }
            else if (reader.Type.SequenceEqual("ANMF"u8) && reader.Data.Length >= FrameHeaderBytes)
            {
                frames++;
                if (!TryAddFrame(reader.Data, reader.IsCut, ref canvas))
                {
                    return Inspection.Damaged(ImageFormat.Webp, "has a frame that does not fill its place");
                }
            }
        }

        var totals = new FrameTotals(ImageFormat.Webp);
        totals.Add(canvas.Width, canvas.Height, frames > 0 ? frames : hasStill ? 1u : 0u);
        return totals.ToInspection(maxBytesPerChannel: 1);
    }

    /// <summary>What keeps the file from being complete; null when its chunks fill it, to the last byte.</summary>
    public static string? FindDamage(ReadOnlySpan<byte> bytes)
    {
        var body = Body(bytes);
        if (DeclaredBytes(bytes) != bytes.Length)
        {
            return DeclaredBytes(bytes) > bytes.Length ? "ends too early" : "goes on after its end";
        }

        var reader = new RiffReader(body);
        while (reader.MoveNext())
        {
            if (reader.IsCut || (reader.Type.SequenceEqual("ANMF"u8) && !HoldsBitstream(reader.Data)))
            {
                return "ends inside its pixel data";
            }
        }

        return reader.AtEnd ? null : "ends too early";
    }

    /// <summary>The chunks: what lies within both the file and the length that it declares.</summary>
    private static ReadOnlySpan<byte> Body(ReadOnlySpan<byte> bytes) =>
        bytes[HeaderBytes..(int)Math.Clamp(DeclaredBytes(bytes), HeaderBytes, bytes.Length)];

    private static long DeclaredBytes(ReadOnlySpan<byte> bytes) => 8 + (long)Number(bytes[4..8]);

    /// <summary>A frame: x / 2, y / 2, width - 1, height - 1, duration (3 bytes each), flags (1), then chunks of its own.</summary>
    private static bool TryAddFrame(ReadOnlySpan<byte> frame, bool isCut, ref Canvas canvas)
    {
        var (x, y) = (2 * Number(frame[..3]), 2 * Number(frame[3..6]));
        canvas.ExtendTo(x + 1 + Number(frame[6..9]), y + 1 + Number(frame[9..12]));

        var reader = new RiffReader(frame[FrameHeaderBytes..]);
        while (reader.MoveNext())
        {
            // libwebp looks for the next frame where this one's bitstream ends, even if that is inside this frame: none may hide there.
            if (reader.Type.SequenceEqual("ANMF"u8) || (reader.IsCut && !isCut))
            {
                return false;
            }

            // A bitstream that is broken or cut is the decoder's to refuse.
            if (IsBitstream(reader.Type))
            {
                TryAddBitstream(reader.Type, reader.Data, ref canvas);
            }
        }

        return reader.AtEnd || isCut;
    }

    private static bool HoldsBitstream(ReadOnlySpan<byte> frame)
    {
        var holdsBitstream = false;
        var reader = new RiffReader(frame.Length < FrameHeaderBytes ? default : frame[FrameHeaderBytes..]);
        while (reader.MoveNext() && !reader.IsCut)
        {
            holdsBitstream |= IsBitstream(reader.Type);
        }

        return holdsBitstream && !reader.IsCut;
    }

    private static bool IsBitstream(ReadOnlySpan<byte> type) => type.SequenceEqual("VP8 "u8) || type.SequenceEqual("VP8L"u8);

    private static bool TryAddBitstream(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data, ref Canvas canvas)
    {
        if (type.SequenceEqual("VP8L"u8))
        {
            // A signature, then width - 1 and height - 1 in 14 bits each.
            if (data.Length < 5 || data[0] != 0x2F)
            {
                return false;
            }

            var bits = Number(data[1..5]);
            canvas.ExtendTo(1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF));
            return true;
        }

        // A frame tag whose lowest bit is 0 in key frames (3 bytes), a start code (3), width and height, each below 2 bits of scaling.
        if (data.Length < 10 || (data[0] & 1) != 0 || !data[3..6].SequenceEqual(KeyFrameStart))
        {
            return false;
        }

        var (width, height) = (Number(data[6..8]) & 0x3FFF, Number(data[8..10]) & 0x3FFF);
        canvas.ExtendTo(width, height);
        return width > 0 && height > 0;
    }

    private static ulong Number(ReadOnlySpan<byte> digits) => ByteCursor.Number(digits, bigEndian: false);

    private struct Canvas
    {
        public ulong Width { get; private set; }

        public ulong Height { get; private set; }

        public void ExtendTo(ulong right, ulong bottom) => (Width, Height) = (Math.Max(Width, right), Math.Max(Height, bottom));
    }
}
