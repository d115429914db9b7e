namespace ImageEditor.ConversionManager.ImageInspection.Containers;

/// <summary>Goes through RIFF chunks, of which WebP is made: a type of 4 letters, a length, data, and a byte that evens it.</summary>
internal ref struct RiffReader(ReadOnlySpan<byte> bytes)
{
    private ByteCursor _cursor = new(bytes);

    /// <summary>The current chunk's 4 letters.</summary>
    public ReadOnlySpan<byte> Type { get; private set; }

    /// <summary>The current chunk's data, as far as it is there.</summary>
    public ReadOnlySpan<byte> Data { get; private set; }

    /// <summary>Whether the current chunk should be longer than the bytes that are left.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Whether nothing follows the current chunk.</summary>
    public readonly bool AtEnd => _cursor.Remaining == 0;

    public bool MoveNext()
    {
        if (!_cursor.TryTake(4, out var type) || !_cursor.TryReadLittleEndian(4, out var length))
        {
            return false;
        }

        Type = type;
        Data = _cursor.TakeUpTo((long)length);
        IsCut = (ulong)Data.Length < length;
        if ((length & 1) == 1)
        {
            _cursor.TrySkip(1);
        }

        return true;
    }
}
