using System.IO.Compression;

namespace ImageEditor.ConversionManager.ImageInspection.Containers;

/// <summary>PNG: a signature, then chunks (W3C PNG, third edition). An animated one is refused: its frames would be lost.</summary>
internal static class PngContainer
{
    private const int HeaderBytes = 13;

    /// <summary>Deflate packs at most about so many bytes into one.</summary>
    private const int MaxUnpacking = 1032;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    public static bool Matches(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Signature);

    public static Inspection Inspect(ReadOnlySpan<byte> bytes)
    {
        var cursor = new ByteCursor(bytes[Signature.Length..]);
        if (!TryReadChunk(ref cursor, out var chunk) || !chunk.Is("IHDR"u8) || chunk.Data.Length != HeaderBytes)
        {
            return Inspection.Damaged(ImageFormat.Png, "does not begin with a header");
        }

        if (!chunk.HasRightChecksum)
        {
            return Inspection.Damaged(ImageFormat.Png, "has a header with a wrong checksum");
        }

        var header = chunk.Data;
        if (!IsPixelFormat(depth: header[8], colour: header[9]))
        {
            return Inspection.Damaged(ImageFormat.Png, "has a header with an unknown pixel format");
        }

        var (startsPixels, hasProfile, hasAlpha) = (false, false, header[9] is 4 or 6);
        var maxProfileBytes = 0;
        while (!startsPixels && TryReadChunk(ref cursor, out chunk, mayBeCut: true) && !chunk.Is("IEND"u8))
        {
            if (chunk.Is("acTL"u8))
            {
                return Inspection.Refused(ImageRefusal.NotAnImage("This is an animated PNG, whose frames would be lost."));
            }

            // The first profile is the one that counts.
            if (chunk.Is("iCCP"u8) && !hasProfile)
            {
                hasProfile = true;
                maxProfileBytes = (int)Math.Min((long)chunk.Data.Length * MaxUnpacking, ImageRefusal.MaxProfileBytes);
                if (HoldsMoreThan(ImageRefusal.MaxProfileBytes, chunk.Data))
                {
                    return Inspection.Refused(ImageRefusal.ProfileTooLarge(ImageFormat.Png));
                }
            }

            hasAlpha |= chunk.Is("tRNS"u8);
            startsPixels = chunk.Is("IDAT"u8);
        }

        if (!startsPixels)
        {
            return Inspection.Damaged(ImageFormat.Png, "ends or breaks off before its pixel data");
        }

        var totals = new FrameTotals(ImageFormat.Png);
        totals.Add(ByteCursor.Number(header[..4], bigEndian: true), ByteCursor.Number(header[4..8], bigEndian: true));
        var inspection = totals.ToInspection(maxBytesPerChannel: header[8] == 16 ? 2 : 1);
        return !inspection.IsAccepted ? inspection : Inspection.Accepted(inspection.Info with
        {
            MaxChannels = hasAlpha ? ImageInfo.ChannelsWithAlpha : ImageInfo.ChannelsWithoutAlpha,
            MaxProfileBytes = maxProfileBytes,
        });
    }

    /// <summary>What keeps the file from being complete; null when all checksums are right and the end chunk is the last.</summary>
    public static string? FindDamage(ReadOnlySpan<byte> bytes)
    {
        var cursor = new ByteCursor(bytes[Signature.Length..]);
        while (TryReadChunk(ref cursor, out var chunk))
        {
            if (!chunk.HasRightChecksum)
            {
                return "has a chunk with a wrong checksum";
            }

            if (chunk.Is("IEND"u8))
            {
                return cursor.Remaining > 0 ? "goes on after its end" : null;
            }
        }

        return "ends too early";
    }

    /// <summary>Reads length, type, data and checksum. One that may be cut may end with the file.</summary>
    private static bool TryReadChunk(ref ByteCursor cursor, out Chunk chunk, bool mayBeCut = false)
    {
        chunk = default;
        if (!cursor.TryReadBigEndian(4, out var length))
        {
            return false;
        }

        var wanted = 4 + (long)length;
        var body = mayBeCut ? cursor.TakeUpTo(wanted) : cursor.TryTake(wanted, out var whole) ? whole : default;
        var hasChecksum = cursor.TryReadBigEndian(4, out var checksum);
        if (body.Length < 4 || !(hasChecksum || mayBeCut))
        {
            return false;
        }

        chunk = new Chunk(body, (uint)checksum);
        return true;
    }

    /// <summary>Whether an iCCP chunk (a name, a zero, the method, and zlib's data) unpacks to more bytes than so many.</summary>
    private static bool HoldsMoreThan(int maxBytes, ReadOnlySpan<byte> chunk)
    {
        var start = chunk.IndexOf((byte)0) + 2;
        if (start < 2 || start > chunk.Length)
        {
            return false;
        }

        var packed = chunk[start..];
        if ((long)packed.Length * MaxUnpacking <= maxBytes)
        {
            return false;
        }

        using var unpacking = new ZLibStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
        var buffer = new byte[1 << 16];
        try
        {
            for (var unpacked = 0; unpacked <= maxBytes;)
            {
                var read = unpacking.Read(buffer);
                if (read == 0)
                {
                    return false;
                }

                unpacked += read;
            }

            return true;
        }
        catch (InvalidDataException)
        {
            // A profile that is broken is left out by the decoder.
            return false;
        }
    }

    /// <summary>The pairs of bit depth and colour type that PNG has.</summary>
    private static bool IsPixelFormat(byte depth, byte colour) => colour switch
    {
        0 => depth is 1 or 2 or 4 or 8 or 16,
        3 => depth is 1 or 2 or 4 or 8,
        2 or 4 or 6 => depth is 8 or 16,
        _ => false,
    };

    /// <summary>A chunk; <paramref name="body"/> is its type and data, which the checksum covers.</summary>
    private readonly ref struct Chunk(ReadOnlySpan<byte> body, uint checksum)
    {
        private readonly ReadOnlySpan<byte> _body = body;

        public ReadOnlySpan<byte> Data => _body[4..];

        public bool HasRightChecksum => Crc32.Compute(_body) == checksum;

        public bool Is(ReadOnlySpan<byte> type) => _body[..4].SequenceEqual(type);
    }
}
