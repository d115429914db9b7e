using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using ImageEditor.ServiceDefaults.Problems;

namespace ImageEditor.Converters.Images.Containers;

/// <summary>
/// PNG (W3C, third edition). The copy that is made has what its pixels need and one profile for their colours. All else is left out: text
/// that may unpack to gigabytes, and chunks with a wrong checksum that nobody needs.
/// </summary>
internal static class PngFile
{
    private const int SignatureBytes = 8;

    /// <summary>Bytes of a chunk beside its data: length, type and checksum.</summary>
    private const int Overhead = 12;

    /// <exception cref="ProblemException">422: a profile that is too large.</exception>
    public static PreparedFile Prepare(byte[] bytes)
    {
        var file = bytes.AsSpan();
        var colours = new Colours();
        var (isDescribed, hasPixels, hasEnd, isGrey) = (false, false, false, false);
        using var prepared = new MemoryStream(bytes.Length + 1024);
        prepared.Write(file[..SignatureBytes]);
        for (var rest = file[SignatureBytes..]; rest.Length >= 8 && !hasEnd;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            var type = rest.Slice(4, 4);
            var isCut = (long)length + Overhead > rest.Length;
            var data = rest.Slice(8, (int)Math.Min(length, rest.Length - 8));
            var whole = rest[..(int)Math.Min((long)length + Overhead, rest.Length)];
            rest = rest[whole.Length..];

            // Colours are described before palette and pixels.
            hasPixels |= type.SequenceEqual("IDAT"u8);
            if (!isDescribed && (hasPixels || type.SequenceEqual("PLTE"u8)))
            {
                isDescribed = true;
                if (colours.ToProfile(isGrey) is { } profile)
                {
                    WriteChunk(prepared, "iCCP"u8, profile);
                }
            }

            if (isCut)
            {
                // What is there of the last chunk. Where it is all of the pixels, the picture is whole.
                if (type.SequenceEqual("IDAT"u8))
                {
                    WriteChunk(prepared, type, data);
                }

                break;
            }

            // Critical chunks have a capital letter first; a decoder that does not know one refuses.
            if ((type[0] & 0x20) == 0)
            {
                hasEnd = type.SequenceEqual("IEND"u8);
                isGrey |= type.SequenceEqual("IHDR"u8) && data.Length > 9 && (data[9] & 2) == 0;
                prepared.Write(whole);
            }
            else if (HasRightChecksum(whole))
            {
                if (!isDescribed)
                {
                    colours.Read(type, data);
                }

                if (type.SequenceEqual("tRNS"u8) || type.SequenceEqual("eXIf"u8))
                {
                    prepared.Write(whole);
                }
            }
        }

        if (hasPixels && !hasEnd)
        {
            WriteChunk(prepared, "IEND"u8, []);
        }

        return new PreparedFile(prepared.ToArray());
    }

    private static bool HasRightChecksum(ReadOnlySpan<byte> chunk) =>
        Crc32.HashToUInt32(chunk[4..^4]) == BinaryPrimitives.ReadUInt32BigEndian(chunk[^4..]);

    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        var checksum = new Crc32();
        checksum.Append(type);
        checksum.Append(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, checksum.GetCurrentHashAsUInt32());
        file.Write(number);
    }

    /// <summary>What a PNG says of its colours, in four ways; the best of them counts: cICP, iCCP, sRGB, gAMA with cHRM.</summary>
    private sealed class Colours
    {
        private byte[]? _cicp;
        private byte[]? _packedProfile;
        private bool _isSrgb;
        private uint _gamma;
        private byte[]? _chromaticities;

        public void Read(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
        {
            if (type.SequenceEqual("cICP"u8) && data.Length == 4)
            {
                _cicp ??= data.ToArray();
            }
            else if (type.SequenceEqual("iCCP"u8))
            {
                _packedProfile ??= data.ToArray();
            }
            else if (type.SequenceEqual("sRGB"u8))
            {
                _isSrgb = true;
            }
            else if (type.SequenceEqual("gAMA"u8) && data.Length == 4 && _gamma == 0)
            {
                _gamma = BinaryPrimitives.ReadUInt32BigEndian(data);
            }
            else if (type.SequenceEqual("cHRM"u8) && data.Length == 32)
            {
                _chromaticities ??= data.ToArray();
            }
        }

        /// <summary>The data of the iCCP chunk that says the same; null where the colours are sRGB.</summary>
        public byte[]? ToProfile(bool isGrey)
        {
            // Video's ranges and matrices are not PNG's: browsers pass over a chunk that has them.
            if (_cicp is [var primaries, var transfer, 0, 1] && CodedColours.TryFind(primaries, transfer, out var coded))
            {
                return coded.IsSrgb ? null : Pack(IccProfile.Create(coded, isGrey));
            }

            if (_packedProfile is not null)
            {
                EnsureUsualSize(_packedProfile);
                return _packedProfile;
            }

            return !_isSrgb && FromGamma() is { } colours ? Pack(IccProfile.Create(colours, isGrey)) : null;
        }

        /// <summary>As browsers read it: primaries count only beside gamma, and gamma alone only where it is not nearly sRGB's.</summary>
        private RgbColours? FromGamma()
        {
            const double unit = 100_000;
            const double usual = 45_455;
            if (_gamma == 0 || _gamma > int.MaxValue || (_chromaticities is null && Math.Abs(_gamma - usual) < 0.05 * usual))
            {
                return null;
            }

            var curve = ToneCurve.Power(unit / _gamma);
            if (_chromaticities is null)
            {
                return new RgbColours(RgbPrimaries.Srgb, curve);
            }

            var values = new double[8];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = BinaryPrimitives.ReadUInt32BigEndian(_chromaticities.AsSpan(4 * i)) / unit;
            }

            var primaries = new RgbPrimaries(
                (values[0], values[1]), (values[2], values[3]), (values[4], values[5]), (values[6], values[7]));
            return primaries.AreUsable ? new RgbColours(primaries, curve) : new RgbColours(RgbPrimaries.Srgb, curve);
        }

        private static byte[] Pack(byte[] profile)
        {
            using var packed = new MemoryStream();
            packed.Write("profile\0\0"u8);
            using (var packing = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            {
                packing.Write(profile);
            }

            return packed.ToArray();
        }

        private static void EnsureUsualSize(byte[] packed)
        {
            var start = packed.AsSpan().IndexOf((byte)0) + 2;
            if (start < 2 || start > packed.Length)
            {
                return;
            }

            using var unpacking = new ZLibStream(new MemoryStream(packed, start, packed.Length - start), CompressionMode.Decompress);
            var buffer = new byte[1 << 16];
            var bytes = 0;
            try
            {
                for (int read; (read = unpacking.Read(buffer)) > 0;)
                {
                    bytes += read;
                    IccProfile.EnsureUsualSize(bytes, "PNG");
                }
            }
            catch (InvalidDataException)
            {
                // The decoder leaves a broken profile out.
            }
        }
    }
}
