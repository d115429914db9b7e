namespace ImageEditor.ConversionManager.ImageInspection.Containers;

/// <summary>GIF: a screen, then blocks (GIF89a specification). Every frame is drawn on the whole canvas, and costs as much.</summary>
internal static class GifContainer
{
    private const byte Padding = 0;
    private const byte Extension = 0x21;
    private const byte Image = 0x2C;
    private const byte Trailer = 0x3B;

    public static bool Matches(ReadOnlySpan<byte> bytes) => bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8);

    public static Inspection Inspect(ReadOnlySpan<byte> bytes)
    {
        Walk(bytes, out var inspection);
        return inspection;
    }

    /// <summary>What keeps the file from being complete; null when the walk over its blocks ends at a trailer, the last byte.</summary>
    public static string? FindDamage(ReadOnlySpan<byte> bytes) => Walk(bytes, out _);

    private static string? Walk(ReadOnlySpan<byte> bytes, out Inspection inspection)
    {
        var cursor = new ByteCursor(bytes[6..]);
        if (!cursor.TryTake(7, out var screen) || !cursor.TrySkip(ColourTableBytes(screen[4])))
        {
            const string Damage = "ends inside its header";
            inspection = Inspection.Damaged(ImageFormat.Gif, Damage);
            return Damage;
        }

        var canvas = (Width: Side(screen[..2]), Height: Side(screen[2..4]));
        ulong frames = 0;
        var damage = WalkBlocks(ref cursor, ref canvas, ref frames);

        var totals = new FrameTotals(ImageFormat.Gif);
        totals.Add(canvas.Width, canvas.Height, frames);
        inspection = totals.ToInspection(maxBytesPerChannel: 1);
        return damage;
    }

    /// <summary>Counts frames until the trailer, or until the file breaks off, which is then the answer.</summary>
    private static string? WalkBlocks(ref ByteCursor cursor, ref (ulong Width, ulong Height) canvas, ref ulong frames)
    {
        while (cursor.TryReadLittleEndian(1, out var kind))
        {
            switch ((byte)kind)
            {
                case Trailer:
                    return cursor.Remaining > 0 ? "goes on after its end" : null;

                case Padding:
                    break;

                case Extension:
                    if (!cursor.TrySkip(1) || !TrySkipSubBlocks(ref cursor))
                    {
                        return "ends too early";
                    }

                    break;

                case Image:
                    if (!cursor.TryTake(9, out var frame))
                    {
                        return "ends too early";
                    }

                    // A frame that sticks out makes decoders enlarge the canvas.
                    canvas.Width = Math.Max(canvas.Width, Side(frame[..2]) + Side(frame[4..6]));
                    canvas.Height = Math.Max(canvas.Height, Side(frame[2..4]) + Side(frame[6..8]));
                    frames++;
                    if (!cursor.TrySkip(ColourTableBytes(frame[8]) + 1) || !TrySkipSubBlocks(ref cursor))
                    {
                        return "ends too early";
                    }

                    break;

                default:
                    return "has a block of an unknown kind";
            }
        }

        return "ends too early";
    }

    /// <summary>Skips data in blocks of up to 255 bytes, each after its length, up to the empty block that ends them.</summary>
    private static bool TrySkipSubBlocks(ref ByteCursor cursor)
    {
        while (cursor.TryReadLittleEndian(1, out var length))
        {
            if (length == 0)
            {
                return true;
            }

            if (!cursor.TrySkip((long)length))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Bytes of the colour table that the packed field announces: none, or 2 to 256 colours of 3 bytes.</summary>
    private static int ColourTableBytes(byte packed) => (packed & 0x80) == 0 ? 0 : 3 * (2 << (packed & 7));

    private static ulong Side(ReadOnlySpan<byte> digits) => ByteCursor.Number(digits, bigEndian: false);
}
