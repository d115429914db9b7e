namespace ImageEditor.ConversionManager.ImageInspection.Containers;

/// <summary>Sizes of items: <c>ispe</c> properties (in <c>ipco</c>), and which item has which property (in <c>ipma</c>).</summary>
internal static class HeifItemSizes
{
    /// <summary>Width and height in pixels for every item that has them; the larger where it has several.</summary>
    public static Dictionary<ulong, (ulong Width, ulong Height)> Read(ReadOnlySpan<byte> properties)
    {
        var sizes = new Dictionary<ulong, (ulong Width, ulong Height)>();
        if (!BoxReader.TryFind(properties, "ipco"u8, out var container))
        {
            return sizes;
        }

        var sizesByIndex = ReadProperties(container);
        var reader = new BoxReader(properties);
        while (reader.MoveNext())
        {
            if (reader.Type.SequenceEqual("ipma"u8))
            {
                Associate(reader.Data, sizesByIndex, sizes);
            }
        }

        return sizes;
    }

    /// <summary>The <c>ispe</c> properties by their place among all properties, from 1.</summary>
    private static Dictionary<ulong, (ulong Width, ulong Height)> ReadProperties(ReadOnlySpan<byte> container)
    {
        var sizesByIndex = new Dictionary<ulong, (ulong Width, ulong Height)>();
        var reader = new BoxReader(container);
        for (ulong index = 1; reader.MoveNext(); index++)
        {
            if (reader.Type.SequenceEqual("ispe"u8)
                && BoxReader.TryOpenFullBox(reader.Data, out var content, out _, out _)
                && content.TryReadBigEndian(4, out var width)
                && content.TryReadBigEndian(4, out var height))
            {
                sizesByIndex[index] = (width, height);
            }
        }

        return sizesByIndex;
    }

    private static void Associate(
        ReadOnlySpan<byte> data,
        Dictionary<ulong, (ulong Width, ulong Height)> sizesByIndex,
        Dictionary<ulong, (ulong Width, ulong Height)> sizes)
    {
        if (!BoxReader.TryOpenFullBox(data, out var content, out var version, out var flags) || !content.TrySkip(4))
        {
            return;
        }

        // An entry: an item's id, the number of its properties (1 byte), their indices, in each the highest bit as a mark.
        var idBytes = version == 0 ? 2 : 4;
        var (indexBytes, indexMask) = (flags & 1) == 0 ? (1, 0x7Fu) : (2, 0x7FFFu);
        while (content.TryReadBigEndian(idBytes, out var item) && content.TryReadBigEndian(1, out var count))
        {
            for (; count > 0 && content.TryReadBigEndian(indexBytes, out var index); count--)
            {
                if (sizesByIndex.TryGetValue(index & indexMask, out var size))
                {
                    var (width, height) = sizes.GetValueOrDefault(item);
                    sizes[item] = (Math.Max(width, size.Width), Math.Max(height, size.Height));
                }
            }
        }
    }
}
