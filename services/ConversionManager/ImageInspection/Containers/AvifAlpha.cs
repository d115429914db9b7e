using System.Buffers.Binary;
using ImageEditor.ServiceDefaults.Pictures;

namespace ImageEditor.ConversionManager.ImageInspection.Containers;

/// <summary>The alpha of an AVIF's primary picture, an item of its own, which decoders read by its own properties.</summary>
internal static class AvifAlpha
{
    /// <summary>What converters do not read of it; null where there is none, or where they read it.</summary>
    public static string? FindUnreadKind(ReadOnlySpan<byte> meta)
    {
        if (!BoxReader.TryOpenFullBox(meta, out var content, out _, out _)
            || !HeifItems.TryReadPrimary(content.Rest, out var primary)
            || !BoxReader.TryFind(content.Rest, "iprp"u8, out var properties)
            || FindAlpha(content.Rest, properties, primary) is not { } alpha)
        {
            return null;
        }

        var (ofColours, ofAlpha) = (HeifProperties.Of(primary, properties), HeifProperties.Of(alpha, properties));
        return !ofAlpha.Exists(property => property.Type == "ispe") ? UnreadKinds.OfAlphaSize
            : !Pieces(ofColours, ofColours).SequenceEqual(Pieces(ofAlpha, ofColours)) ? UnreadKinds.OfPieces
            : null;
    }

    /// <summary>The last item that an <c>auxl</c> reference makes the alpha of the primary one.</summary>
    public static ulong? FindAlpha(ReadOnlySpan<byte> boxes, ReadOnlySpan<byte> properties, ulong primary)
    {
        if (!BoxReader.TryFind(boxes, "iref"u8, out var data)
            || !BoxReader.TryOpenFullBox(data, out var content, out var version, out _))
        {
            return null;
        }

        var idBytes = version == 0 ? 2 : 4;
        ulong? candidate = null;
        var references = new BoxReader(content.Rest);
        while (references.MoveNext())
        {
            var reference = new ByteCursor(references.Data);
            if (references.Type.SequenceEqual("auxl"u8) && reference.TryReadBigEndian(idBytes, out var from) && reference.TrySkip(2))
            {
                while (reference.TryReadBigEndian(idBytes, out var to))
                {
                    candidate = to == primary ? from : candidate;
                }
            }
        }

        return candidate is { } alpha && HeifProperties.Of(alpha, properties).Exists(IsAlpha) ? alpha : null;
    }

    private static bool IsAlpha((string Type, byte[] Data) property) =>
        property.Type == "auxC"
        && (property.Data.AsSpan().IndexOf("auxiliary:alpha"u8) >= 0 || property.Data.AsSpan().IndexOf("auxid:1"u8) >= 0);

    /// <summary>The pieces that are cut out; one that does not begin in the upper left corner is not, as in browsers.</summary>
    private static IEnumerable<string> Pieces(List<(string Type, byte[] Data)> properties, List<(string Type, byte[] Data)> ofColours) =>
        from property in properties
        where property.Type == "clap" && !IsInside(property.Data, ofColours.Find(other => other.Type == "ispe").Data)
        select Convert.ToHexString(property.Data);

    /// <summary>Width and height, and the distance of the piece's middle from the picture's, each as a fraction.</summary>
    private static bool IsInside(ReadOnlySpan<byte> piece, ReadOnlySpan<byte> size)
    {
        return piece.Length >= 32 && size.Length >= 12
            && (Distance(piece[..8], piece[16..24], size[4..8]) != 0 || Distance(piece[8..16], piece[24..32], size[8..12]) != 0);

        static double Distance(ReadOnlySpan<byte> length, ReadOnlySpan<byte> offset, ReadOnlySpan<byte> side) =>
            ((double)BinaryPrimitives.ReadInt32BigEndian(offset) / BinaryPrimitives.ReadUInt32BigEndian(offset[4..]))
            + ((BinaryPrimitives.ReadUInt32BigEndian(side)
                - ((double)BinaryPrimitives.ReadUInt32BigEndian(length) / BinaryPrimitives.ReadUInt32BigEndian(length[4..]))) / 2);
    }
}
