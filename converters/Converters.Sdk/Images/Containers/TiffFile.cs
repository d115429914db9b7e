using System.Buffers.Binary;
using ImageEditor.ServiceDefaults.Problems;

namespace ImageEditor.Converters.Images.Containers;

/// <summary>TIFF and BigTIFF (TIFF 6.0): tells camera raw files, leaves thumbnails out, and knows which channels are alpha.</summary>
internal sealed class TiffFile
{
    private const int SubfileType = 254;
    private const int OldSubfileType = 255;
    private const int Width = 256;
    private const int Height = 257;
    private const int BitsPerSample = 258;
    private const int Compression = 259;
    private const int Photometric = 262;
    private const int SamplesPerPixel = 277;
    private const int SubDirectories = 330;
    private const int ExtraSamples = 338;
    private const int ChromaSubsampling = 530;
    private const int YCbCr = 6;

    /// <summary>Four inks and alpha; libvips has no name for more.</summary>
    private const int MaxChannels = 5;

    /// <summary>What libvips is built with: none, fax, LZW, JPEG, Deflate, PackBits, ThunderScan, NeXT, LogLuv; 0 where none is said.</summary>
    private static readonly ulong[] ReadCompressions = [0, 1, 2, 3, 4, 5, 6, 7, 8, 32_766, 32_771, 32_773, 32_809, 32_946, 34_676, 34_677];

    /// <summary>A loop of directories ends here at the latest; pictures have far fewer pages.</summary>
    private const int MaxDirectories = 20_000;

    /// <summary>Of all directories, however often they come: what is read here is kept in memory.</summary>
    private const int MaxEntries = 200_000;

    private readonly byte[] _bytes;
    private readonly bool _isBigEndian;
    private readonly bool _isBig;
    private int _entriesLeft = MaxEntries;

    private TiffFile(byte[] bytes)
    {
        _bytes = bytes;
        _isBigEndian = bytes[0] == 'M';
        _isBig = bytes[_isBigEndian ? 3 : 2] == '+';
    }

    private int OffsetBytes => _isBig ? 8 : 4;

    /// <exception cref="ProblemException">415: camera raw; 422: of a kind that libvips does not read, or reads wrongly.</exception>
    public static PreparedFile Prepare(byte[] bytes)
    {
        var file = new TiffFile(bytes);
        var pages = file.Pages();
        if (file.IsCameraRaw(pages))
        {
            throw ProblemTypes.NotAnImage.Refuse(
                "This is a camera raw file, which is no finished picture. Develop it first: open it in a raw converter or the camera's own "
                + "program and export it. Send a JPEG, PNG, WebP, GIF, AVIF or TIFF picture.");
        }

        var pictures = pages.Where(page => !page.IsThumbnail).ToList();
        var prepared = pictures.Count > 0 && pictures.Count < pages.Count ? file.WithPages(pages, pictures) : bytes;
        var first = pictures.Concat(pages).FirstOrDefault();
        if (first is not null && file.FindUnreadableKind(first) is { } kind)
        {
            throw UnreadKinds.Refuse("TIFF", kind);
        }

        if (first is not null && !ReadCompressions.Contains(file.First(first, Compression) ?? 0))
        {
            throw UnreadKinds.Refuse("TIFF", UnreadKinds.OfCompression);
        }

        return new PreparedFile(prepared)
        {
            ExtraChannels = first is null ? null : file.ExtraChannelsOf(first),
            HasPagesOfSeveralSizes = pictures.DistinctBy(page => (file.First(page, Width), file.First(page, Height))).Skip(1).Any(),
        };
    }

    /// <summary>The chain of directories, as far as they lie in the file.</summary>
    private List<Directory> Pages()
    {
        var pages = new List<Directory>();
        var link = _isBig ? 8 : 4;
        while (pages.Count < MaxDirectories && Read(link, OffsetBytes) is var offset and not 0 && ReadDirectory(offset, link) is { } page)
        {
            pages.Add(page);
            link = page.NextLink;
        }

        return pages;
    }

    private bool IsCameraRaw(List<Directory> pages)
    {
        if (_bytes.Length >= 12 && (_bytes.AsSpan(8, 3).SequenceEqual("CR\u0002"u8) || _bytes.AsSpan(8, 4).SequenceEqual("IIII"u8)))
        {
            return true;
        }

        var open = new Stack<Directory>(pages);
        for (var seen = 0; seen < MaxDirectories && open.TryPop(out var directory); seen++)
        {
            // The pattern of the colour filters, DNG's version; a sensor's kinds of pixels; cameras' own compressions.
            if (directory.Has(33421) || directory.Has(33422) || directory.Has(50706)
                || First(directory, Photometric) is 32803 or 34892
                || First(directory, Compression) is 32767 or 32769 or 34713 or 65000 or 65535)
            {
                return true;
            }

            foreach (var offset in Values(directory, SubDirectories, most: 64))
            {
                if (ReadDirectory(offset, link: 0) is { } inner)
                {
                    open.Push(inner);
                    if (Read(inner.NextLink, OffsetBytes) is var next and not 0 && ReadDirectory(next, link: 0) is { } sibling)
                    {
                        open.Push(sibling);
                    }
                }
            }
        }

        return false;
    }

    /// <summary>A copy in which the chain leads from picture to picture.</summary>
    private byte[] WithPages(List<Directory> pages, List<Directory> pictures)
    {
        var copy = new TiffFile((byte[])_bytes.Clone());
        var link = pages[0].Link;
        foreach (var picture in pictures)
        {
            copy.Write(link, picture.Offset);
            link = picture.NextLink;
        }

        copy.Write(link, 0);
        return copy._bytes;
    }

    /// <summary>What no converter makes a right picture of, in words that go after "The TIFF file"; null where it may be read.</summary>
    private string? FindUnreadableKind(Directory page)
    {
        var (bits, samples, photometric) = (First(page, BitsPerSample) ?? 1, First(page, SamplesPerPixel) ?? 1, First(page, Photometric));
        return bits is not (1 or 2 or 4 or 8 or 16 or 32 or 64)
                ? $"has {bits} bits per sample; 8 and 16 are read. Save it with one of these."
            : samples > MaxChannels ? $"has {samples} channels; four colours and one alpha at most are read. Save it with fewer."
            : photometric is 8 && bits == 8 ? "stores its colours as Lab of 8 bits; Lab is read with 16. Save it so, or as RGB."
            : photometric is 8 && ExtraChannelsOf(page).Any(kind => kind is 1 or 2)
                ? "stores its colours as Lab beside alpha, which is not read here. Save it as RGB."
            : photometric is 9 or 10 ? "stores its colours as ICC or ITU Lab, which is not read here. Save it as RGB."
            : photometric is YCbCr && First(page, Compression) is not (6 or 7) && Values(page, ChromaSubsampling, most: 2) is [1, 1]
                ? "stores its colours as YCbCr without compression, which is not read here. Save it as RGB."
            : null;
    }

    private int[] ExtraChannelsOf(Directory page)
    {
        var samples = First(page, SamplesPerPixel) ?? 1;
        var colours = First(page, Photometric) switch { 2 or 6 or 8 or 9 or 10 => 3, 5 => 4, _ => 1 };
        var kinds = Values(page, ExtraSamples, most: 16);
        return samples <= (ulong)colours || samples > 64
            ? []
            : [.. Enumerable.Range(0, (int)samples - colours).Select(i => i < kinds.Count ? (int)Math.Min(kinds[i], 3) : 0)];
    }

    private Directory? ReadDirectory(ulong offset, int link)
    {
        var (countBytes, entryBytes) = _isBig ? (8, 20) : (2, 12);
        if (offset > (ulong)_bytes.Length - (ulong)countBytes || Read((int)offset, countBytes) is not (> 0 and var count)
            || count > (ulong)_entriesLeft
            || offset + (ulong)countBytes + (count * (ulong)entryBytes) + (ulong)OffsetBytes > (ulong)_bytes.Length)
        {
            return null;
        }

        _entriesLeft -= (int)count;
        var directory = new Directory(offset, link, (int)offset + countBytes + ((int)count * entryBytes));
        for (var at = (int)offset + countBytes; at < directory.NextLink; at += entryBytes)
        {
            directory.Entries.TryAdd((int)Read(at, 2), at);
        }

        directory.IsThumbnail = (First(directory, SubfileType) & 1) == 1 || First(directory, OldSubfileType) == 2;
        return directory;
    }

    private ulong? First(Directory directory, int tag) => Values(directory, tag, most: 1) is [var value] ? value : null;

    /// <summary>The values of an entry of whole numbers; none where there is no such entry, or where it lies outside of the file.</summary>
    private List<ulong> Values(Directory directory, int tag, int most)
    {
        if (!directory.Entries.TryGetValue(tag, out var at))
        {
            return [];
        }

        var size = Read(at + 2, 2) switch { 1 => 1, 3 => 2, 4 or 13 => 4, 16 or 18 => 8, _ => 0 };
        var count = Read(at + 4, OffsetBytes);
        var isInside = size > 0 && count <= (ulong)(OffsetBytes / size);
        var start = isInside ? (ulong)(at + 4 + OffsetBytes) : Read(at + 4 + OffsetBytes, OffsetBytes);
        var values = new List<ulong>();
        var end = (ulong)_bytes.Length;
        for (var i = 0ul; size > 0 && i < Math.Min(count, (ulong)most) && start <= end && start + ((i + 1) * (ulong)size) <= end; i++)
        {
            values.Add(Read((int)(start + (i * (ulong)size)), size));
        }

        return values;
    }

    private ulong Read(int at, int size)
    {
        if (at + size > _bytes.Length)
        {
            return 0;
        }

        var digits = _bytes.AsSpan(at, size);
        var value = 0ul;
        for (var i = 0; i < size; i++)
        {
            value = (value << 8) | digits[_isBigEndian ? i : size - 1 - i];
        }

        return value;
    }

    private void Write(int at, ulong value)
    {
        var digits = _bytes.AsSpan(at, OffsetBytes);
        Span<byte> number = stackalloc byte[8];
        if (_isBigEndian)
        {
            BinaryPrimitives.WriteUInt64BigEndian(number, value);
            number[^OffsetBytes..].CopyTo(digits);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(number, value);
            number[..OffsetBytes].CopyTo(digits);
        }
    }

    /// <summary>A page's entries by tag, each as its place in the file.</summary>
    /// <param name="Offset">Where it begins.</param>
    /// <param name="Link">Where the offset is that leads to it.</param>
    /// <param name="NextLink">Where the offset of the next one is.</param>
    private sealed record Directory(ulong Offset, int Link, int NextLink)
    {
        public Dictionary<int, int> Entries { get; } = [];

        public bool IsThumbnail { get; set; }

        public bool Has(int tag) => Entries.ContainsKey(tag);
    }
}
