using ImageEditor.ServiceDefaults.Pictures;

namespace ImageEditor.ConversionManager.ImageInspection.Containers;

/// <summary>
/// AVIF: an ISO base media file with images as items of its <c>meta</c> box (<see cref="HeifItems"/>), or as a sequence in its
/// <c>moov</c> box (<see cref="AvifTracks"/>), or the same picture as both.
/// </summary>
internal static class AvifContainer
{
    public static bool Matches(ReadOnlySpan<byte> bytes)
    {
        var reader = new BoxReader(bytes);
        if (!reader.MoveNext() || !reader.Type.SequenceEqual("ftyp"u8))
        {
            return false;
        }

        if (reader.Data.StartsWith("avis"u8))
        {
            // An animation first of all: converters would keep its cover only.
            return false;
        }

        // Major brand (4 letters), its version (4), then compatible brands (4 letters each).
        for (var at = 0; at + 4 <= reader.Data.Length; at += 4)
        {
            var brand = reader.Data.Slice(at, 4);
            if (at != 4 && (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8)))
            {
                return true;
            }
        }

        return false;
    }

    public static Inspection Inspect(ReadOnlySpan<byte> bytes)
    {
        var stills = new FrameTotals(ImageFormat.Avif);
        var sequence = new FrameTotals(ImageFormat.Avif);
        var hasItems = false;
        var reader = new BoxReader(bytes);
        while (reader.MoveNext())
        {
            if (reader.Type.SequenceEqual("meta"u8))
            {
                // Once, as decoders have it; a second one would be looked at by some of them only.
                if (hasItems || reader.IsCut || !HeifItems.TryAddFrames(reader.Data, stills))
                {
                    return Inspection.Damaged(ImageFormat.Avif, "has a broken list of pictures");
                }

                if (HeifItems.LargestProfile(reader.Data) > ImageRefusal.MaxProfileBytes)
                {
                    return Inspection.Refused(ImageRefusal.ProfileTooLarge(ImageFormat.Avif));
                }

                if (HeifItems.HaveTooLargeParts(reader.Data))
                {
                    return Inspection.Unread(ImageFormat.Avif, UnreadKinds.OfSize);
                }

                if (HeifItems.HaveOverlay(reader.Data))
                {
                    return Inspection.Unread(ImageFormat.Avif, UnreadKinds.OfFeature);
                }

                if (AvifAlpha.FindUnreadKind(reader.Data) is { } kind)
                {
                    return Inspection.Unread(ImageFormat.Avif, kind);
                }

                hasItems = true;
            }
            else if (reader.Type.SequenceEqual("moov"u8))
            {
                if (reader.IsCut)
                {
                    return Inspection.Damaged(ImageFormat.Avif, "ends inside its header");
                }

                AvifTracks.AddFrames(reader.Data, sequence);
            }
        }

        var (asStills, asSequence) = (stills.ToInspection(), sequence.ToInspection());
        return !asSequence.IsAccepted ? asStills
            : !asStills.IsAccepted ? asSequence
            : Inspection.Accepted(Larger(asStills.Info, asSequence.Info));
    }

    /// <summary>
    /// What keeps the file from being complete; null when its boxes fill it to the last byte and the data of every item lies
    /// inside. (The samples of a sequence are not looked up.)
    /// </summary>
    public static string? FindDamage(ReadOnlySpan<byte> bytes)
    {
        var reader = new BoxReader(bytes);
        while (reader.MoveNext())
        {
            if (reader.IsCut)
            {
                return "ends too early";
            }

            if (reader.Type.SequenceEqual("meta"u8) && !HeifItemLocations.AreInsideFile(reader.Data, bytes.Length))
            {
                return "has pixel data that lies outside of it";
            }
        }

        return reader.AtEnd ? null : "goes on after its end";
    }

    /// <summary>A decoder takes one of the two, and it is not known which.</summary>
    private static ImageInfo Larger(ImageInfo one, ImageInfo other) => new(
        ImageFormat.Avif,
        Math.Max(one.Width, other.Width),
        Math.Max(one.Height, other.Height),
        Math.Max(one.Frames, other.Frames),
        Math.Max(one.TotalPixels, other.TotalPixels));
}
