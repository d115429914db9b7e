namespace ImageEditor.ConversionManager.ImageInspection.Containers;

/// <summary>Where the data of items lies: the <c>iloc</c> box.</summary>
internal static class HeifItemLocations
{
    /// <summary>Whether the primary item has a place, and every item's data lies inside the file.</summary>
    public static bool AreInsideFile(ReadOnlySpan<byte> meta, long fileBytes)
    {
        if (!BoxReader.TryOpenFullBox(meta, out var boxes, out _, out _)
            || !HeifItems.TryReadPrimary(boxes.Rest, out var primary)
            || !BoxReader.TryFind(boxes.Rest, "iloc"u8, out var data)
            || !BoxReader.TryOpenFullBox(data, out var content, out var version, out _)
            || !content.TryReadBigEndian(2, out var sizes)
            || !content.TryReadBigEndian(version < 2 ? 2 : 4, out var itemCount))
        {
            return false;
        }

        var layout = new Layout(version, sizes);
        var innerBytes = BoxReader.TryFind(boxes.Rest, "idat"u8, out var inner) ? inner.Length : 0;
        var hasPrimary = false;
        for (; itemCount > 0; itemCount--)
        {
            if (!layout.TryReadItem(ref content, fileBytes, innerBytes, out var item))
            {
                return false;
            }

            hasPrimary |= item == primary;
        }

        return hasPrimary;
    }

    /// <summary>How many bytes each field of an entry has: 0, 4 or 8, in 4 bits each.</summary>
    private readonly struct Layout(ulong version, ulong sizes)
    {
        private readonly int _idBytes = version < 2 ? 2 : 4;
        private readonly int _offsetBytes = (int)(sizes >> 12) & 0xF;
        private readonly int _lengthBytes = (int)(sizes >> 8) & 0xF;
        private readonly int _baseBytes = (int)(sizes >> 4) & 0xF;
        private readonly int _indexBytes = version == 0 ? 0 : (int)sizes & 0xF;
        private readonly bool _hasMethod = version > 0;

        /// <summary>Reads one item's entry; false when it breaks off or its data lies outside.</summary>
        public bool TryReadItem(ref ByteCursor content, long fileBytes, long innerBytes, out ulong item)
        {
            ulong method = 0;
            if (Math.Max(Math.Max(_offsetBytes, _lengthBytes), Math.Max(_baseBytes, _indexBytes)) > 8
                || !content.TryReadBigEndian(_idBytes, out item)
                || (_hasMethod && !content.TryReadBigEndian(2, out method))
                || !content.TrySkip(2)
                || !content.TryReadBigEndian(_baseBytes, out var start)
                || !content.TryReadBigEndian(2, out var extents))
            {
                item = 0;
                return false;
            }

            // The data lies in the file (0), in the idat box of this meta box (1), or inside another item (2), which is checked itself.
            var available = (method & 0xF) switch { 0 => fileBytes, 1 => innerBytes, _ => long.MaxValue };

            // Extents without a field take no bytes, and any number of them is the same one.
            extents = _indexBytes + _offsetBytes + _lengthBytes == 0 ? Math.Min(extents, 1) : extents;
            for (; extents > 0; extents--)
            {
                if (!content.TrySkip(_indexBytes)
                    || !content.TryReadBigEndian(_offsetBytes, out var offset)
                    || !content.TryReadBigEndian(_lengthBytes, out var length)
                    || (UInt128)start + offset + length > (UInt128)available)
                {
                    return false;
                }
            }

            return true;
        }
    }
}
