using System.Diagnostics;
using ImageEditor.Converters.Pipeline;
using NetVips;

namespace ImageEditor.Converters.Export.Sizes;

/// <summary>A file that was tried.</summary>
/// <param name="Picture">The file.</param>
/// <param name="Quality">With which quality; null where the format has none.</param>
internal sealed record Encoding(EncodedPicture Picture, int? Quality);

/// <summary>Encodes one picture again and again, with the quality that follows from the sizes so far.</summary>
/// <param name="conversion">What is asked for.</param>
/// <param name="memory">The picture.</param>
internal sealed class Encodings(Conversion conversion, Image memory)
{
    private const int Most = 8;

    /// <summary>Of a JPEG or a WebP, where none is asked for by its number.</summary>
    private const int UsualQuality = 75;

    /// <summary>With a size alone: more bytes show nothing more.</summary>
    private const int HighestQuality = 95;

    /// <summary>From this part of the target on a file is as large as it may be.</summary>
    private const double NearEnough = 0.97;

    /// <summary>How much longer than the longest so far the next may take.</summary>
    private const double Caution = 1.5;

    private TimeSpan _longest;

    public int Count { get; private set; }

    public bool HasRunOutOfTime { get; private set; }

    /// <summary>The smallest of the formats at the usual quality, and of that the best quality that fits.</summary>
    /// <param name="formats">At least one.</param>
    /// <param name="target">Bytes; null for the quality that was asked for, or the usual one.</param>
    /// <returns>What fits, else the smallest that there was.</returns>
    public Encoding Find(IReadOnlyList<string> formats, long? target)
    {
        // What a quality is called differs: where formats compete, they are to look alike.
        var asked = conversion.Quality is { } quality && formats.Count == 1 ? quality : (int?)null;
        var smallest = Encode(formats[0], asked ?? Usual(formats[0]));
        foreach (var format in formats.Skip(1).TakeWhile(_ => MayGoOn()))
        {
            var other = Encode(format, Usual(format));
            smallest = other.Picture.Length < smallest.Picture.Length ? other : smallest;
        }

        return target is { } bytes && smallest.Quality is { } first ? Search(smallest, first, bytes) : smallest;
    }

    private Encoding Search(Encoding first, int firstQuality, long target)
    {
        var (low, high) = (1, conversion.Quality is null ? HighestQuality : firstQuality);
        var (best, quality) = (first, firstQuality);
        for (var last = first; ;)
        {
            (low, high) = last.Picture.Length <= target ? (quality + 1, high) : (low, quality - 1);
            if (low > high || (last.Picture.Length <= target && last.Picture.Length >= NearEnough * target) || !MayGoOn())
            {
                return best;
            }

            quality = (low + high) / 2;
            last = Encode(first.Picture.Format, quality);
            best = IsBetter(last.Picture.Length, best.Picture.Length, target) ? last : best;
        }
    }

    /// <summary>The largest that fits is best; where none does, the smallest.</summary>
    private static bool IsBetter(long length, long than, long target) =>
        length <= target ? than > target || length > than : than > target && length < than;

    private bool MayGoOn()
    {
        if (Count >= Most)
        {
            return false;
        }

        HasRunOutOfTime = _longest * Caution > conversion.TimeLeft;
        return !HasRunOutOfTime;
    }

    private Encoding Encode(string format, int quality)
    {
        var start = Stopwatch.GetTimestamp();
        var picture = conversion.Encode(memory, format, quality);
        var elapsed = Stopwatch.GetElapsedTime(start);
        _longest = elapsed > _longest ? elapsed : _longest;
        Count++;
        conversion.Report((double)Count / (Most + 1));
        return new Encoding(picture, HasQuality(format) ? quality : null);
    }

    /// <summary>An AVIF looks like a JPEG or a WebP of a quality that is half as high again.</summary>
    private int Usual(string format)
    {
        var quality = conversion.Quality ?? UsualQuality;
        return format == "avif" ? Math.Max(1, quality * 2 / 3) : quality;
    }

    private static bool HasQuality(string format) => format is "jpeg" or "webp" or "avif";
}
