namespace ImageEditor.ConversionManager.ImageInspection.Containers;

/// <summary>Reads TIFF's structures at any offset, in the file's byte order; BigTIFF's counts and offsets have 8 bytes for 4.</summary>
internal readonly ref struct TiffFile(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly bool _bigEndian = bytes[0] == (byte)'M';
    private readonly bool _isBig = bytes[2] == (byte)'+' || bytes[3] == (byte)'+';

    /// <summary>Bytes of an entry: tag (2), type (2), count and value (4 or 8 each).</summary>
    public int EntryBytes => _isBig ? 20 : 12;

    /// <summary>Bytes of a directory besides its entries: their number, and the next directory's offset.</summary>
    public int DirectoryOverhead => EntryCountBytes + OffsetBytes;

    private int OffsetBytes => _isBig ? 8 : 4;

    private int EntryCountBytes => _isBig ? 8 : 2;

    /// <summary>Reads the first directory's offset.</summary>
    public bool TryReadHeader(out ulong offset)
    {
        if (!_isBig)
        {
            return TryRead(4, 4, out offset);
        }

        offset = 0;
        return TryRead(4, 2, out var offsetBytes) && offsetBytes == 8 && TryRead(8, 8, out offset);
    }

    /// <summary>Takes the entries of the directory at an offset, and reads the next one's offset, 0 after the last.</summary>
    public bool TryReadDirectory(ulong offset, out ReadOnlySpan<byte> entries, out ulong next)
    {
        entries = default;
        next = 0;
        if (!TryRead(offset, EntryCountBytes, out var count) || count == 0 || count > (ulong)(_bytes.Length / EntryBytes))
        {
            return false;
        }

        var start = offset + (ulong)EntryCountBytes;
        var length = count * (ulong)EntryBytes;
        return TryTake(start, length, out entries) && TryRead(start + length, OffsetBytes, out next);
    }

    /// <summary>The value of an entry that holds one whole number; 0 for any other entry.</summary>
    public ulong ReadSingle(ReadOnlySpan<byte> entry) =>
        TryReadArray(entry, out var values, out var valueBytes) && values.Length == valueBytes ? Number(values) : 0;

    /// <summary>Takes the values of an entry of whole numbers; false for other types, and when they lie outside of the file.</summary>
    public bool TryReadArray(ReadOnlySpan<byte> entry, out ReadOnlySpan<byte> values, out int valueBytes)
    {
        values = default;
        valueBytes = 0;
        if (entry.IsEmpty || Number(entry[2..4]) is not (1 or 3 or 4 or 13 or 16 or 18))
        {
            return false;
        }

        valueBytes = ValueBytes(entry);
        return TryTakeValues(entry, out values);
    }

    /// <summary>How many values an entry says that it has.</summary>
    public ulong CountOf(ReadOnlySpan<byte> entry) => Number(entry.Slice(4, OffsetBytes));

    /// <summary>Whether the values of an entry, of whatever type, lie inside the file.</summary>
    public bool HoldsValues(ReadOnlySpan<byte> entry) => TryTakeValues(entry, out _);

    /// <summary>Whether so many bytes from that offset lie in the file.</summary>
    public bool Contains(ulong offset, ulong length) =>
        offset <= (ulong)_bytes.Length && length <= (ulong)_bytes.Length - offset;

    public ulong Number(ReadOnlySpan<byte> digits) => ByteCursor.Number(digits, _bigEndian);

    /// <summary>Values lie in the entry itself where they fit, else at the offset that it gives.</summary>
    private bool TryTakeValues(ReadOnlySpan<byte> entry, out ReadOnlySpan<byte> values)
    {
        values = default;
        var count = Number(entry.Slice(4, OffsetBytes));
        if (count > (ulong)_bytes.Length)
        {
            return false;
        }

        var length = count * (ulong)ValueBytes(entry);
        var value = entry[(4 + OffsetBytes)..];
        if (length > (ulong)OffsetBytes)
        {
            return TryTake(Number(value), length, out values);
        }

        values = value[..(int)length];
        return true;
    }

    /// <summary>Bytes of one value of an entry's type: byte, text, short, long, rational, …</summary>
    private int ValueBytes(ReadOnlySpan<byte> entry) => Number(entry[2..4]) switch
    {
        3 or 8 => 2,
        4 or 9 or 11 or 13 => 4,
        5 or 10 or 12 or 16 or 17 or 18 => 8,
        _ => 1,
    };

    private bool TryRead(ulong offset, int size, out ulong value)
    {
        value = TryTake(offset, (ulong)size, out var digits) ? Number(digits) : 0;
        return !digits.IsEmpty;
    }

    private bool TryTake(ulong offset, ulong length, out ReadOnlySpan<byte> taken)
    {
        taken = Contains(offset, length) ? _bytes.Slice((int)offset, (int)length) : default;
        return Contains(offset, length);
    }
}
