using System.Buffers.Binary;
using ImageEditor.ServiceDefaults.Pictures;
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
    private const int SampleFormat = 339;
    private const int ChromaSubsampling = 530;

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

        if (pages.Exists(file.LacksBits))
        {
            // The library would ask for as much memory as the entry says.
            throw UnreadKinds.Refuse("TIFF", UnreadKinds.OfDamage);
        }

        var pictures = pages.Where(page => !page.IsThumbnail).ToList();
        var prepared = pictures.Count > 0 && pictures.Count < pages.Count ? file.WithPages(pages, pictures) : bytes;
        var kind = pictures.Concat(pages).FirstOrDefault() is { } first ? file.KindOf(first) : null;
        var hasMask = pictures.Exists(page => TiffKind.IsMask(file.First(page, Photometric), file.First(page, SubfileType) ?? 0));
        return kind?.FindUnread(hasMask) is { } reason
            ? throw UnreadKinds.Refuse("TIFF", reason)
            : new PreparedFile(prepared)
            {
                ExtraChannels = kind?.ExtraChannels(),
                DifferenceOfPages = file.DifferenceOf(pictures),
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

    private TiffKind KindOf(Directory page) => new(
        Values(page, BitsPerSample, TiffKind.MostValues),
        First(page, SamplesPerPixel) ?? 1,
        First(page, Photometric),
        First(page, Compression) ?? 0,
        Values(page, SampleFormat, TiffKind.MostValues),
        Values(page, ExtraSamples, TiffKind.MostValues),
        Values(page, ChromaSubsampling, most: 2));

    /// <summary>Why pages cannot be converted together; null where they can.</summary>
    private string? DifferenceOf(List<Directory> pictures)
    {
        bool Differ(params int[] tags) => pictures.Skip(1).Any(page => tags.Any(tag => First(page, tag) != First(pictures[0], tag)));
        return Differ(Width, Height) ? UnreadKinds.OfSizes
            : Differ(BitsPerSample, SamplesPerPixel, Photometric) ? UnreadKinds.OfPages
            : null;
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

    /// <summary>Whether the numbers of bits of a page's channels are said to lie in the file, and do not.</summary>
    private bool LacksBits(Directory page) =>
        page.Entries.TryGetValue(BitsPerSample, out var entry) && Locate(entry) is var (size, count, start)
        && (count > (ulong)_bytes.Length || start > (ulong)_bytes.Length || start + ((ulong)size * count) > (ulong)_bytes.Length);

    /// <summary>The values of an entry of whole numbers; none where there is no such entry, or where it lies outside of the file.</summary>
    private List<ulong> Values(Directory directory, int tag, int most)
    {
        if (!directory.Entries.TryGetValue(tag, out var at))
        {
            return [];
        }

        var (size, count, start) = Locate(at);
        var values = new List<ulong>();
        var end = (ulong)_bytes.Length;
        for (var i = 0ul; size > 0 && i < Math.Min(count, (ulong)most) && start <= end && start + ((i + 1) * (ulong)size) <= end; i++)
        {
            values.Add(Read((int)(start + (i * (ulong)size)), size));
        }

        return values;
    }

    /// <summary>Where an entry's values lie: bytes of each, 0 where they are no whole numbers, how many there are, and the first.</summary>
    private (int Size, ulong Count, ulong Start) Locate(int entry)
    {
        var size = Read(entry + 2, 2) switch { 1 => 1, 3 => 2, 4 or 13 => 4, 16 or 18 => 8, _ => 0 };
        var count = Read(entry + 4, OffsetBytes);
        var isInside = size > 0 && count <= (ulong)(OffsetBytes / size);
        return (size, count, isInside ? (ulong)(entry + 4 + OffsetBytes) : Read(entry + 4 + OffsetBytes, OffsetBytes));
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
