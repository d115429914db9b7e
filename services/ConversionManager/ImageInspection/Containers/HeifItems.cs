namespace ImageEditor.ConversionManager.ImageInspection.Containers;

/// <summary>
/// The items of a <c>meta</c> box (ISO/IEC 23008-12). Those that are pictures of their own count as frames: the primary one, and
/// what is neither hidden nor a thumbnail, an alpha plane or a tile of another one. (libvips reads these as pages.)
/// </summary>
internal static class HeifItems
{
    /// <summary>Pixels of one part of a picture, where the picture itself has no more.</summary>
    private const double MaxPartPixels = 50_000_000;

    /// <summary>How many times that all parts may have: colours, alpha, and what of their tiles is not seen.</summary>
    private const double MaxParts = 3;

    /// <summary>How many parts are looked at; real pictures have hundreds at most.</summary>
    private const int MaxPartCount = 20_000;

    /// <summary>How deep pictures may be made of one another; real ones are made of tiles, and these of nothing.</summary>
    private const int MaxDepth = 8;

    /// <summary>Adds every picture in its own size; false when there is none of a known size.</summary>
    public static bool TryAddFrames(ReadOnlySpan<byte> meta, FrameTotals totals)
    {
        if (!BoxReader.TryOpenFullBox(meta, out var content, out _, out _)
            || !TryReadPrimary(content.Rest, out var primary)
            || !BoxReader.TryFind(content.Rest, "iprp"u8, out var properties))
        {
            return false;
        }

        var sizes = HeifItemSizes.Read(properties);
        if (!sizes.TryGetValue(primary, out var primarySize))
        {
            return false;
        }

        totals.Add(primarySize.Width, primarySize.Height);
        var others = ReadVisibleImages(content.Rest);
        others.ExceptWith(ReadParts(content.Rest));
        others.Remove(primary);
        foreach (var item in others)
        {
            var (width, height) = sizes.GetValueOrDefault(item);
            totals.Add(width, height);
        }

        return true;
    }

    /// <summary>
    /// Whether the primary picture is made of too large parts, or too many: a tile may be used again and again, and alpha be larger than its
    /// colours, so that a few bytes would cost a decoder hours and gigabytes.
    /// </summary>
    public static bool HaveTooLargeParts(ReadOnlySpan<byte> meta)
    {
        if (!BoxReader.TryOpenFullBox(meta, out var content, out _, out _)
            || !TryReadPrimary(content.Rest, out var primary)
            || !BoxReader.TryFind(content.Rest, "iprp"u8, out var properties))
        {
            return false;
        }

        var pixels = HeifItemSizes.Read(properties).ToDictionary(item => item.Key, item => (double)item.Value.Width * item.Value.Height);
        if (!TryReadUses(content.Rest, out var tiles, out var planes))
        {
            return true;
        }

        var known = new Dictionary<ulong, (double Sum, double Largest)>();
        var (sum, largest) = PixelsOf(primary, depth: 0);
        var most = Math.Max(MaxPartPixels, pixels.GetValueOrDefault(primary));
        return largest > most || sum > MaxParts * most;

        // Of what is made of itself, or has no size, no end of them; a plane without a size is as large as its picture to decoders.
        (double Sum, double Largest) PixelsOf(ulong item, int depth)
        {
            var endless = (double.PositiveInfinity, double.PositiveInfinity);
            if (depth > MaxDepth || !known.TryAdd(item, endless))
            {
                return depth > MaxDepth ? endless : known[item];
            }

            var own = pixels.GetValueOrDefault(item, double.PositiveInfinity);
            var (sum, largest) = tiles.ContainsKey(item) ? (0d, 0d) : (own, own);
            foreach (var part in tiles.GetValueOrDefault(item, []).Concat(planes.GetValueOrDefault(item, []).Where(pixels.ContainsKey)))
            {
                var ofPart = PixelsOf(part, depth + 1);
                (sum, largest) = (sum + ofPart.Sum, Math.Max(largest, ofPart.Largest));
            }

            return known[item] = (sum, largest);
        }
    }

    /// <summary>Bytes of the largest ICC profile among the properties.</summary>
    public static int LargestProfile(ReadOnlySpan<byte> meta)
    {
        var largest = 0;
        if (BoxReader.TryOpenFullBox(meta, out var content, out _, out _)
            && BoxReader.TryFind(content.Rest, "iprp"u8, "ipco"u8, out var properties))
        {
            var reader = new BoxReader(properties);
            while (reader.MoveNext())
            {
                if (reader.Type.SequenceEqual("colr"u8) && (reader.Data.StartsWith("prof"u8) || reader.Data.StartsWith("rICC"u8)))
                {
                    largest = Math.Max(largest, reader.Data.Length - 4);
                }
            }
        }

        return largest;
    }

    /// <summary>
    /// Whether an item lays pictures over one another, on a canvas of any size, whatever is said of its item. Browsers show no such file.
    /// </summary>
    public static bool HaveOverlay(ReadOnlySpan<byte> meta)
    {
        if (!BoxReader.TryOpenFullBox(meta, out var content, out _, out _) || !TryOpenEntries(content.Rest, out var entries))
        {
            return false;
        }

        while (entries.MoveNext())
        {
            if (TryReadEntry(entries, out _, out var type, out _) && type.SequenceEqual("iovl"u8))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads the primary item's id from a <c>pitm</c> box.</summary>
    public static bool TryReadPrimary(ReadOnlySpan<byte> boxes, out ulong item)
    {
        item = 0;
        return BoxReader.TryFind(boxes, "pitm"u8, out var data)
            && BoxReader.TryOpenFullBox(data, out var content, out var version, out _)
            && content.TryReadBigEndian(version == 0 ? 2 : 4, out item);
    }

    /// <summary>The coded and derived images in the <c>iinf</c> box that are not marked as hidden.</summary>
    private static HashSet<ulong> ReadVisibleImages(ReadOnlySpan<byte> boxes)
    {
        var images = new HashSet<ulong>();
        if (!TryOpenEntries(boxes, out var entries))
        {
            return images;
        }

        while (entries.MoveNext())
        {
            if (TryReadEntry(entries, out var item, out var type, out var isHidden) && !isHidden && IsImage(type))
            {
                images.Add(item);
            }
        }

        return images;
    }

    private static bool TryOpenEntries(ReadOnlySpan<byte> boxes, out BoxReader entries)
    {
        entries = default;
        if (!BoxReader.TryFind(boxes, "iinf"u8, out var data)
            || !BoxReader.TryOpenFullBox(data, out var content, out var version, out _)
            || !content.TrySkip(version == 0 ? 2 : 4))
        {
            return false;
        }

        entries = new BoxReader(content.Rest);
        return true;
    }

    /// <summary>Reads an entry of the <c>iinf</c> box.</summary>
    private static bool TryReadEntry(BoxReader entries, out ulong item, out ReadOnlySpan<byte> type, out bool isHidden)
    {
        // Id (2 or 4 bytes), protection (2), type (4 letters); the lowest flag hides it.
        item = 0;
        type = default;
        isHidden = false;
        if (!entries.Type.SequenceEqual("infe"u8)
            || !BoxReader.TryOpenFullBox(entries.Data, out var entry, out var version, out var flags)
            || !entry.TryReadBigEndian(version < 3 ? 2 : 4, out item)
            || !entry.TrySkip(2)
            || !entry.TryTake(4, out type))
        {
            return false;
        }

        isHidden = (flags & 1) != 0;
        return true;
    }

    /// <summary>Items that the <c>iref</c> box makes a part of another: thumbnails, auxiliary planes, tiles.</summary>
    private static HashSet<ulong> ReadParts(ReadOnlySpan<byte> boxes)
    {
        var parts = new HashSet<ulong>();
        if (!BoxReader.TryFind(boxes, "iref"u8, out var data)
            || !BoxReader.TryOpenFullBox(data, out var content, out var version, out _))
        {
            return parts;
        }

        var idBytes = version == 0 ? 2 : 4;
        var references = new BoxReader(content.Rest);
        while (references.MoveNext())
        {
            // From (an id), the number of targets (2 bytes), the targets (an id each).
            var reference = new ByteCursor(references.Data);
            if (!reference.TryReadBigEndian(idBytes, out var from) || !reference.TrySkip(2))
            {
                continue;
            }

            if (references.Type.SequenceEqual("thmb"u8) || references.Type.SequenceEqual("auxl"u8))
            {
                parts.Add(from);
            }
            else if (references.Type.SequenceEqual("dimg"u8))
            {
                while (reference.TryReadBigEndian(idBytes, out var tile))
                {
                    parts.Add(tile);
                }
            }
        }

        return parts;
    }

    /// <summary>
    /// The tiles of each item, as often as each is used, and the auxiliary planes, such as alpha, that belong to it; false for too many.
    /// </summary>
    private static bool TryReadUses(
        ReadOnlySpan<byte> boxes, out Dictionary<ulong, List<ulong>> tiles, out Dictionary<ulong, List<ulong>> planes)
    {
        (tiles, planes) = ([], []);
        if (!BoxReader.TryFind(boxes, "iref"u8, out var data)
            || !BoxReader.TryOpenFullBox(data, out var content, out var version, out _))
        {
            return true;
        }

        var idBytes = version == 0 ? 2 : 4;
        var references = new BoxReader(content.Rest);
        var left = MaxPartCount;
        while (references.MoveNext())
        {
            var (areTiles, arePlanes) = (references.Type.SequenceEqual("dimg"u8), references.Type.SequenceEqual("auxl"u8));
            var reference = new ByteCursor(references.Data);
            if (!(areTiles || arePlanes) || !reference.TryReadBigEndian(idBytes, out var from) || !reference.TrySkip(2))
            {
                continue;
            }

            while (reference.TryReadBigEndian(idBytes, out var to))
            {
                if (--left < 0)
                {
                    return false;
                }

                var (parts, whole, part) = areTiles ? (tiles, from, to) : (planes, to, from);
                parts.TryAdd(whole, []);
                parts[whole].Add(part);
            }
        }

        return true;
    }

    private static bool IsImage(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("av01"u8) || type.SequenceEqual("grid"u8) || type.SequenceEqual("iovl"u8) || type.SequenceEqual("iden"u8)
        || type.SequenceEqual("hvc1"u8) || type.SequenceEqual("jpeg"u8);
}
