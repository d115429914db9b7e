using System.Buffers.Binary;
using ImageEditor.ServiceDefaults.Problems;

namespace ImageEditor.Converters.Images;

/// <summary>Identifies formats by their content. The Content-Type of a request is ignored.</summary>
internal static class MagicBytes
{
    private static ReadOnlySpan<byte> Png => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <exception cref="ProblemException">415: none of the formats that are read.</exception>
    public static ImageFormat Identify(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            throw NotAnImage("The image is empty.");
        }

        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            return ImageFormat.Jpeg;
        }

        if (bytes.StartsWith(Png))
        {
            return IsAnimatedPng(bytes) ? throw NotAnImage("This is an animated PNG, whose frames would be lost.") : ImageFormat.Png;
        }

        if (bytes.Length >= 12 && bytes.StartsWith("RIFF"u8) && bytes[8..12].SequenceEqual("WEBP"u8))
        {
            return ImageFormat.Webp;
        }

        if (bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8))
        {
            return ImageFormat.Gif;
        }

        // TIFF and BigTIFF, of both byte orders.
        if (bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8) || bytes.StartsWith("II+\0"u8) || bytes.StartsWith("MM\0+"u8))
        {
            return ImageFormat.Tiff;
        }

        return IsAvif(bytes)
            ? ImageFormat.Avif
            : throw NotAnImage("These bytes are not a picture of a known format, whatever they are called.");
    }

    /// <summary>Whether the first bitstream of a WebP file is a lossless one (RFC 9649).</summary>
    public static bool IsLosslessWebp(ReadOnlySpan<byte> bytes)
    {
        // After "RIFF", length and "WEBP" come chunks; an animation's frames hold theirs after 16 bytes of their own.
        for (var rest = bytes[12..]; rest.Length >= 8;)
        {
            var type = rest[..4];
            var length = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..8]);
            if (type.SequenceEqual("VP8L"u8) || type.SequenceEqual("VP8 "u8))
            {
                return type[3] == 'L';
            }

            var skipped = type.SequenceEqual("ANMF"u8) ? 8 + 16 : 8 + (long)length + (length & 1);
            rest = skipped < rest.Length ? rest[(int)skipped..] : default;
        }

        return false;
    }

    /// <summary>An animated PNG has an <c>acTL</c> chunk before its first <c>IDAT</c>.</summary>
    private static bool IsAnimatedPng(ReadOnlySpan<byte> bytes)
    {
        for (var rest = bytes[Png.Length..]; rest.Length >= 8;)
        {
            var type = rest[4..8];
            if (type.SequenceEqual("acTL"u8) || type.SequenceEqual("IDAT"u8))
            {
                return type[0] == 'a';
            }

            // Length, type and checksum take 4 bytes each.
            var skipped = 12 + (long)BinaryPrimitives.ReadUInt32BigEndian(rest);
            rest = skipped < rest.Length ? rest[(int)skipped..] : default;
        }

        return false;
    }

    /// <summary>An AVIF file starts with a box <c>ftyp</c>, which lists the brands that it can be read as.</summary>
    private static bool IsAvif(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 16 || !bytes[4..8].SequenceEqual("ftyp"u8))
        {
            return false;
        }

        var brands = bytes[8..(int)Math.Clamp(BinaryPrimitives.ReadUInt32BigEndian(bytes), 12, bytes.Length)];
        if (brands.StartsWith("avis"u8))
        {
            throw NotAnImage("This is an animated AVIF, whose frames would be lost.");
        }

        for (; brands.Length >= 4; brands = brands[4..])
        {
            if (brands.StartsWith("avif"u8))
            {
                return true;
            }
        }

        return false;
    }

    private static ProblemException NotAnImage(string what) =>
        ProblemTypes.NotAnImage.Refuse($"{what} Send a JPEG, PNG, WebP, GIF, AVIF or TIFF picture.");
}
