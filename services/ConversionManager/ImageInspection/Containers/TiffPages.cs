using ImageEditor.ServiceDefaults.Pictures;

namespace ImageEditor.ConversionManager.ImageInspection.Containers;

/// <summary>What a TIFF's pages are, all together. Thumbnails are left out, as converters do, unless there is nothing else.</summary>
internal sealed class TiffPages
{
    private const int SubfileType = 254;
    private const int BitsPerSample = 258;
    private const int Compression = 259;
    private const int Photometric = 262;
    private const int SamplesPerPixel = 277;
    private const int ExtraSamples = 338;
    private const int SampleFormat = 339;
    private const int ChromaSubsampling = 530;

    private readonly FrameTotals _pictures = new(ImageFormat.Tiff);
    private readonly FrameTotals _thumbnails = new(ImageFormat.Tiff);
    private TiffKind? _kind;
    private TiffKind? _kindOfThumbnail;
    private Shape? _first;
    private bool _hasMask;
    private bool _differInSize;
    private bool _differInKind;

    public void Add(TiffFile file, ReadOnlySpan<byte> entries, ulong width, ulong height, bool isThumbnail)
    {
        if (isThumbnail)
        {
            _thumbnails.Add(width, height);
            _kindOfThumbnail ??= KindOf(file, entries);
            return;
        }

        var photometric = First(file, entries, Photometric);
        var shape = new Shape(width, height, First(file, entries, BitsPerSample), First(file, entries, SamplesPerPixel), photometric);
        _pictures.Add(width, height);
        _kind ??= KindOf(file, entries);
        _first ??= shape;
        _hasMask |= TiffKind.IsMask(photometric, First(file, entries, SubfileType) ?? 0);
        _differInSize |= (width, height) != (_first.Width, _first.Height);
        _differInKind |= (shape with { Width = 0, Height = 0 }) != (_first with { Width = 0, Height = 0 });
    }

    /// <summary>The sum, or a refusal of what no converter reads.</summary>
    public Inspection ToInspection()
    {
        var inspection = (_pictures.IsEmpty ? _thumbnails : _pictures).ToInspection();
        return !inspection.IsAccepted ? inspection
            : (_kind ?? _kindOfThumbnail)?.FindUnread(_hasMask) is { } kind ? Inspection.Unread(ImageFormat.Tiff, kind)
            : Inspection.Accepted(inspection.Info with
            {
                DifferenceOfFrames = _differInSize ? UnreadKinds.OfSizes : _differInKind ? UnreadKinds.OfPages : null,
            });
    }

    private static TiffKind KindOf(TiffFile file, ReadOnlySpan<byte> entries) => new(
        Values(file, entries, BitsPerSample),
        First(file, entries, SamplesPerPixel) ?? 1,
        First(file, entries, Photometric),
        First(file, entries, Compression) ?? 0,
        Values(file, entries, SampleFormat),
        Values(file, entries, ExtraSamples),
        Values(file, entries, ChromaSubsampling, most: 2));

    private static ulong? First(TiffFile file, ReadOnlySpan<byte> entries, int tag) =>
        Values(file, entries, tag, most: 1) is [var value] ? value : null;

    /// <summary>The first values of an entry, the first of its tag; none where there is no such entry, or it is not whole.</summary>
    private static List<ulong> Values(TiffFile file, ReadOnlySpan<byte> entries, int tag, int most = TiffKind.MostValues)
    {
        var found = new List<ulong>();
        for (; entries.Length >= file.EntryBytes; entries = entries[file.EntryBytes..])
        {
            var entry = entries[..file.EntryBytes];
            if (file.Number(entry[..2]) != (ulong)tag)
            {
                continue;
            }

            if (file.TryReadArray(entry, out var values, out var valueBytes))
            {
                for (; found.Count < most && values.Length >= valueBytes; values = values[valueBytes..])
                {
                    found.Add(file.Number(values[..valueBytes]));
                }
            }

            break;
        }

        return found;
    }

    /// <summary>What pages must have in common to be converted together.</summary>
    private sealed record Shape(ulong Width, ulong Height, ulong? Bits, ulong? Channels, ulong? Photometric);
}
