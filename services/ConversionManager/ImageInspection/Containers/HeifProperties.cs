namespace ImageEditor.ConversionManager.ImageInspection.Containers;

/// <summary>What describes an item: properties (in <c>ipco</c>), and which item has which of them (in <c>ipma</c>).</summary>
internal static class HeifProperties
{
    /// <summary>Bytes of a property that are looked at; those of interest have fewer.</summary>
    private const int MaxPropertyBytes = 64;

    /// <summary>The properties of an item by its first entry, in the order in which they hold, with the start of their data.</summary>
    public static List<(string Type, byte[] Data)> Of(ulong item, ReadOnlySpan<byte> properties)
    {
        if (!BoxReader.TryFind(properties, "ipco"u8, out var container))
        {
            return [];
        }

        var places = new List<ulong>();
        var reader = new BoxReader(properties);
        while (reader.MoveNext() && places.Count == 0)
        {
            if (!reader.Type.SequenceEqual("ipma"u8)
                || !BoxReader.TryOpenFullBox(reader.Data, out var content, out var version, out var flags)
                || !content.TrySkip(4))
            {
                continue;
            }

            // An entry: an item's id, the number of its properties (1 byte), their indices, in each the highest bit as a mark.
            var idBytes = version == 0 ? 2 : 4;
            var (indexBytes, indexMask) = (flags & 1) == 0 ? (1, 0x7Fu) : (2, 0x7FFFu);
            while (places.Count == 0 && content.TryReadBigEndian(idBytes, out var owner) && content.TryReadBigEndian(1, out var count))
            {
                for (; count > 0 && content.TryReadBigEndian(indexBytes, out var index); count--)
                {
                    if (owner == item)
                    {
                        places.Add(index & indexMask);
                    }
                }
            }
        }

        return Take(container, places);
    }

    /// <summary>Takes the properties of some places among all, from 1, in one walk: there may be millions of them.</summary>
    private static List<(string Type, byte[] Data)> Take(ReadOnlySpan<byte> container, List<ulong> places)
    {
        var found = new Dictionary<ulong, (string Type, byte[] Data)>();
        var last = places.Count == 0 ? 0 : places.Max();
        var reader = new BoxReader(container);
        for (ulong at = 1; at <= last && reader.MoveNext(); at++)
        {
            if (places.Contains(at))
            {
                var data = reader.Data[..Math.Min(reader.Data.Length, MaxPropertyBytes)];
                found[at] = (System.Text.Encoding.Latin1.GetString(reader.Type), data.ToArray());
            }
        }

        return [.. places.Where(found.ContainsKey).Select(place => found[place])];
    }
}
