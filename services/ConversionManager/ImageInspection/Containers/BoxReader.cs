namespace ImageEditor.ConversionManager.ImageInspection.Containers;

/// <summary>Goes through the boxes of an ISO base media file (ISO/IEC 14496-12): length, type of 4 letters, data.</summary>
internal ref struct BoxReader(ReadOnlySpan<byte> bytes)
{
    private ByteCursor _cursor = new(bytes);

    /// <summary>The current box's 4 letters.</summary>
    public ReadOnlySpan<byte> Type { get; private set; }

    /// <summary>The current box's data, as far as it is there.</summary>
    public ReadOnlySpan<byte> Data { get; private set; }

    /// <summary>Whether the current box should be longer than the bytes that are left.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Whether nothing follows the current box.</summary>
    public readonly bool AtEnd => _cursor.Remaining == 0;

    public bool MoveNext()
    {
        if (!_cursor.TryReadBigEndian(4, out var length) || !_cursor.TryTake(4, out var type))
        {
            return false;
        }

        ulong headerBytes = 8;
        if (length == 1)
        {
            // The length did not fit: it follows in 8 bytes.
            headerBytes = 16;
            if (!_cursor.TryReadBigEndian(8, out length))
            {
                return false;
            }
        }
        else if (length == 0)
        {
            length = headerBytes + (ulong)_cursor.Remaining;
        }

        if (length < headerBytes)
        {
            return false;
        }

        var dataBytes = length - headerBytes;
        IsCut = dataBytes > (ulong)_cursor.Remaining;
        Type = type;
        Data = _cursor.TakeUpTo((long)Math.Min(dataBytes, int.MaxValue));
        return true;
    }

    /// <summary>Finds the first whole box of a type among these boxes.</summary>
    public static bool TryFind(ReadOnlySpan<byte> boxes, ReadOnlySpan<byte> type, out ReadOnlySpan<byte> data)
    {
        var reader = new BoxReader(boxes);
        while (reader.MoveNext())
        {
            if (reader.Type.SequenceEqual(type) && !reader.IsCut)
            {
                data = reader.Data;
                return true;
            }
        }

        data = default;
        return false;
    }

    /// <summary>Finds a box inside another one.</summary>
    public static bool TryFind(ReadOnlySpan<byte> boxes, ReadOnlySpan<byte> outer, ReadOnlySpan<byte> inner, out ReadOnlySpan<byte> data)
    {
        data = default;
        return TryFind(boxes, outer, out var children) && TryFind(children, inner, out data);
    }

    /// <summary>Goes past the version (1 byte) and flags (3) that a "full box" begins with.</summary>
    public static bool TryOpenFullBox(ReadOnlySpan<byte> data, out ByteCursor content, out ulong version, out ulong flags)
    {
        content = new ByteCursor(data);
        flags = 0;
        return content.TryReadBigEndian(1, out version) && content.TryReadBigEndian(3, out flags);
    }
}
