using System.Buffers.Binary;
using ImageEditor.ServiceDefaults.Pictures;

namespace ImageEditor.ConversionManager.ImageInspection.Containers;

/// <summary>
/// HEIC and HEIF with HEVC in it: an ISO base media file whose <c>meta</c> box has pictures as items. Its primary one is the picture;
/// depth, gain maps, thumbnails and further pictures are not looked at. The file's own turns and cuts hold, and EXIF's orientation does not.
/// </summary>
internal static class HeicContainer
{
    /// <summary>What a file with a picture in HEVC calls itself, and what any HEIF file does.</summary>
    private static readonly string[] Brands = ["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "mif2", "msf1"];

    public static bool Matches(ReadOnlySpan<byte> bytes)
    {
        var reader = new BoxReader(bytes);
        if (!reader.MoveNext() || !reader.Type.SequenceEqual("ftyp"u8))
        {
            return false;
        }

        // Major brand (4 letters), its version (4), then compatible brands (4 letters each).
        var isHeic = false;
        for (var at = 0; at + 4 <= reader.Data.Length; at += 4)
        {
            var brand = reader.Data.Slice(at, 4);
            if (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8))
            {
                return false;
            }

            isHeic |= at != 4 && Brands.Contains(System.Text.Encoding.Latin1.GetString(brand));
        }

        return isHeic;
    }

    public static Inspection Inspect(ReadOnlySpan<byte> bytes)
    {
        Inspection? inspection = null;
        var reader = new BoxReader(bytes);
        while (reader.MoveNext())
        {
            if (reader.Type.SequenceEqual("meta"u8))
            {
                // Once, as decoders have it; a second one would be looked at by some of them only.
                if (inspection is not null || reader.IsCut)
                {
                    return Broken;
                }

                inspection = InspectItems(reader.Data);
            }
        }

        return inspection ?? Inspection.Damaged(ImageFormat.Heic, "holds no picture");
    }

    private static Inspection Broken => Inspection.Damaged(ImageFormat.Heic, "has a broken list of pictures");

    private static Inspection InspectItems(ReadOnlySpan<byte> meta)
    {
        if (!BoxReader.TryOpenFullBox(meta, out var content, out _, out _)
            || !HeifItems.TryReadPrimary(content.Rest, out var primary)
            || !BoxReader.TryFind(content.Rest, "iprp"u8, out var properties)
            || !HeifItemSizes.Read(properties).TryGetValue(primary, out var size))
        {
            return Broken;
        }

        if (HeifItems.LargestProfile(meta) > ImageRefusal.MaxProfileBytes)
        {
            return Inspection.Refused(ImageRefusal.ProfileTooLarge(ImageFormat.Heic));
        }

        if (HeifItems.HaveTooLargeParts(meta))
        {
            return Inspection.Unread(ImageFormat.Heic, UnreadKinds.OfSize);
        }

        if (HeifItems.HaveOverlay(meta))
        {
            return Inspection.Unread(ImageFormat.Heic, UnreadKinds.OfFeature);
        }

        var frames = new FrameTotals(ImageFormat.Heic);
        frames.Add(size.Width, size.Height);
        var stored = frames.ToInspection(MaxBytesPerChannel(properties));
        if (!stored.IsAccepted)
        {
            return stored;
        }

        var hasAlpha = AvifAlpha.FindAlpha(content.Rest, properties, primary) is not null;
        var (width, height) = Upright(stored.Info.Width, stored.Info.Height, HeifProperties.Of(primary, properties));
        return width > 0 && height > 0
            ? Inspection.Accepted(stored.Info with
            {
                Width = width,
                Height = height,
                MaxChannels = hasAlpha ? ImageInfo.ChannelsWithAlpha : ImageInfo.ChannelsWithoutAlpha,
            })
            : Inspection.Damaged(ImageFormat.Heic, "cuts all of its picture away");
    }

    /// <summary>After the cuts and turns, in the order in which they hold.</summary>
    private static (int Width, int Height) Upright(int width, int height, List<(string Type, byte[] Data)> properties)
    {
        foreach (var (type, data) in properties)
        {
            if (type == "clap")
            {
                (width, height) = data.Length < 32
                    ? (0, 0)
                    : (Side(data, width, Math.Floor), Side(data.AsSpan(8), height, value => Math.Floor(value + 0.5)));
            }
            else if (type == "irot" && data is [var quarters, ..] && (quarters & 1) == 1)
            {
                (width, height) = (height, width);
            }
        }

        return (width, height);

        // The piece's length and, 16 bytes on, how far its middle lies from the picture's, each as a fraction; what is outside is cut off.
        static int Side(ReadOnlySpan<byte> piece, int whole, Func<double, double> rounded)
        {
            var length = (double)BinaryPrimitives.ReadUInt32BigEndian(piece) / BinaryPrimitives.ReadUInt32BigEndian(piece[4..]);
            var offset = (double)BinaryPrimitives.ReadInt32BigEndian(piece[16..]) / BinaryPrimitives.ReadUInt32BigEndian(piece[20..]);
            var start = rounded(offset + ((whole - length) / 2));
            var side = Math.Min(whole, start + Math.Floor(length + 0.5)) - Math.Max(0, start);
            return side >= 1 ? (int)side : 0;
        }
    }

    /// <summary>By the decoder's set-up (<c>hvcC</c>) of any item: bits but 8 are in its 18th byte.</summary>
    private static int MaxBytesPerChannel(ReadOnlySpan<byte> properties)
    {
        if (BoxReader.TryFind(properties, "ipco"u8, out var container))
        {
            var reader = new BoxReader(container);
            while (reader.MoveNext())
            {
                if (reader.Type.SequenceEqual("hvcC"u8) && reader.Data.Length > 17 && (reader.Data[17] & 7) > 0)
                {
                    return 2;
                }
            }
        }

        return 1;
    }
}
