using System.Buffers.Binary;
using System.Globalization;
using ImageEditor.ServiceDefaults.Pictures;
using ImageEditor.ServiceDefaults.Problems;

namespace ImageEditor.Converters.Images.Containers;

/// <summary>JPEG (ITU-T T.81, annex B): how often it goes over its pixels, and whether it ends.</summary>
internal static class JpegFile
{
    /// <summary>Real files have about ten scans.</summary>
    private const int MaxScans = 100;

    /// <summary>Pixels, summed over all scans: a decoder reads all of them before it can be stopped.</summary>
    private const long MaxScannedPixels = 1_000_000_000;

    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;

    /// <summary>Ends a file that lacks nothing but its end marker, as browsers do.</summary>
    /// <exception cref="ProblemException">422: too many scans; of a kind that libvips does not read.</exception>
    public static PreparedFile Prepare(byte[] bytes)
    {
        var walk = new Walk();
        var isEnded = walk.ReachesEnd(bytes);

        // One scan alone is not too many: then the picture is too large, and is refused as that.
        if (walk.Scans > MaxScans || (walk.Scans > 1 && walk.Pixels * walk.Scans > MaxScannedPixels))
        {
            throw ProblemTypes.TooManyPixels.Refuse(string.Create(
                CultureInfo.InvariantCulture,
                $"The JPEG file goes over its {walk.Pixels:N0} pixels {walk.Scans:N0} times (scans); at most {MaxScans:N0} scans and ")
                + string.Create(
                    CultureInfo.InvariantCulture,
                    $"{MaxScannedPixels:N0} pixels, all scans together, are taken. Send it saved anew, as a JPEG that is not progressive."));
        }

        if (walk.Process is 0xC3 or (>= 0xC5 and <= 0xC7) or 0xCB or (>= 0xCD and <= 0xCF))
        {
            throw UnreadKinds.Refuse("JPEG", UnreadKinds.OfJpegProcess);
        }

        if (walk.Precision is not (0 or 8))
        {
            throw UnreadKinds.Refuse("JPEG", UnreadKinds.OfJpegDepth);
        }

        if (isEnded || !walk.HasAllScans)
        {
            return new PreparedFile(bytes);
        }

        // The decoder warns when it meets the marker that was added before it has all pixels, and should warn of nothing else.
        byte[] ended = [.. bytes, 0xFF, EndOfImage];
        foreach (var place in walk.OddParameters)
        {
            UsualParameters.CopyTo(ended.AsSpan(place));
        }

        return new PreparedFile(ended) { IsJudgedStrictly = true };
    }

    /// <summary>The last bytes of a scan's header where the picture is not progressive: they mean nothing there.</summary>
    private static ReadOnlySpan<byte> UsualParameters => [0, 63, 0];

    /// <summary>Goes from marker to marker, up to the end of the first picture.</summary>
    private sealed class Walk
    {
        private const int Coefficients = 64;

        /// <summary>For each channel, by its number in the file, how many low bits of each coefficient are still to come.</summary>
        private readonly Dictionary<byte, int[]> _missingBits = [];
        private bool _isProgressive;

        /// <summary>The first frame's marker, which names the process; 0 before.</summary>
        public byte Process { get; private set; }

        /// <summary>Bits per sample of the first frame; 0 before.</summary>
        public byte Precision { get; private set; }

        public int Scans { get; private set; }

        public long Pixels { get; private set; }

        /// <summary>Where scans have other parameters than the usual ones, though they mean nothing.</summary>
        public List<int> OddParameters { get; } = [];

        /// <summary>Whether scans for all bits of all coefficients began.</summary>
        public bool HasAllScans => _missingBits.Count > 0 && _missingBits.Values.All(bits => bits.All(missing => missing == 0));

        public bool ReachesEnd(ReadOnlySpan<byte> bytes)
        {
            for (var at = 2; ;)
            {
                var step = at < bytes.Length ? bytes[at..].IndexOf((byte)0xFF) : -1;
                at += step + 1;
                if (step < 0 || at >= bytes.Length)
                {
                    return false;
                }

                switch (bytes[at])
                {
                    case EndOfImage:
                        return true;
                    case 0xFF:
                        break;
                    case 0 or 1 or (>= 0xD0 and <= 0xD8):
                        at++;
                        break;
                    default:
                        var length = at + 3 <= bytes.Length ? BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 1)..]) : 0;
                        if (length < 2 || at + 1 + length > bytes.Length)
                        {
                            return false;
                        }

                        Read(bytes[at], bytes.Slice(at + 3, length - 2), at + 3);
                        at += 1 + length;
                        break;
                }
            }
        }

        private void Read(byte marker, ReadOnlySpan<byte> segment, int start)
        {
            if (marker == StartOfScan)
            {
                Scans++;
                ReadScan(segment, start);
            }
            else if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC) && segment.Length >= 6)
            {
                // Precision (1 byte), height (2), width (2), number of channels (1), then 3 bytes for each of them, the first its number.
                if (Process == 0)
                {
                    (Process, Precision) = (marker, segment[0]);
                }

                _isProgressive = marker is 0xC2 or 0xC6 or 0xCA or 0xCE;
                Pixels = Math.Max(
                    Pixels, (long)BinaryPrimitives.ReadUInt16BigEndian(segment[1..]) * BinaryPrimitives.ReadUInt16BigEndian(segment[3..]));
                for (var i = 6; i + 3 <= segment.Length; i += 3)
                {
                    _missingBits.TryAdd(segment[i], [.. Enumerable.Repeat(int.MaxValue, Coefficients)]);
                }
            }
        }

        /// <summary>Channels (1 byte), 2 bytes for each of them, first and last coefficient, bits done before and still missing (4 each).</summary>
        private void ReadScan(ReadOnlySpan<byte> segment, int start)
        {
            var channels = segment.IsEmpty ? 0 : segment[0];
            if (segment.Length < 1 + (2 * channels) + 3)
            {
                return;
            }

            var parameters = segment[(1 + (2 * channels))..];
            if (!_isProgressive && Scans <= MaxScans && !parameters.StartsWith(UsualParameters))
            {
                OddParameters.Add(start + 1 + (2 * channels));
            }

            var (first, last, missing) = _isProgressive ? (parameters[0], parameters[1], parameters[2] & 0xF) : (0, Coefficients - 1, 0);
            for (var channel = 0; channel < channels; channel++)
            {
                if (_missingBits.TryGetValue(segment[1 + (2 * channel)], out var bits))
                {
                    for (var i = first; i <= Math.Min(last, Coefficients - 1); i++)
                    {
                        bits[i] = Math.Min(bits[i], missing);
                    }
                }
            }
        }
    }
}
