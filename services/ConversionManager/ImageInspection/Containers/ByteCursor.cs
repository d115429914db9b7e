namespace ImageEditor.ConversionManager.ImageInspection.Containers;

/// <summary>Reads forward through bytes. What does not fit is answered with false and moves nothing, so no input can throw.</summary>
internal ref struct ByteCursor(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Bytes from the start.</summary>
    public int Position { get; private set; }

    /// <summary>Bytes to the end.</summary>
    public readonly int Remaining => _bytes.Length - Position;

    /// <summary>The bytes from here to the end, which stay unread.</summary>
    public readonly ReadOnlySpan<byte> Rest => _bytes[Position..];

    public bool TryTake(long count, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (count < 0 || count > Remaining)
        {
            return false;
        }

        taken = _bytes.Slice(Position, (int)count);
        Position += (int)count;
        return true;
    }

    public bool TrySkip(long count) => TryTake(count, out _);

    /// <summary>Takes <paramref name="count"/> bytes, or what there is of them.</summary>
    public ReadOnlySpan<byte> TakeUpTo(long count)
    {
        TryTake(Math.Clamp(count, 0, Remaining), out var taken);
        return taken;
    }

    /// <summary>Reads an unsigned number of 0 to 8 bytes, most significant first.</summary>
    public bool TryReadBigEndian(int size, out ulong value) => TryRead(size, bigEndian: true, out value);

    /// <summary>Reads an unsigned number of 0 to 8 bytes, least significant first.</summary>
    public bool TryReadLittleEndian(int size, out ulong value) => TryRead(size, bigEndian: false, out value);

    /// <summary>The unsigned number that up to 8 bytes spell.</summary>
    public static ulong Number(ReadOnlySpan<byte> digits, bool bigEndian)
    {
        ulong value = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            value = (value << 8) | digits[bigEndian ? i : digits.Length - 1 - i];
        }

        return value;
    }

    /// <remarks>The value is 0 when it returns false: nothing was taken.</remarks>
    private bool TryRead(int size, bool bigEndian, out ulong value)
    {
        var isTaken = TryTake(size, out var taken);
        value = Number(taken, bigEndian);
        return isTaken;
    }
}
