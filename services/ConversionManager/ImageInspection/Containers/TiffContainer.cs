namespace ImageEditor.ConversionManager.ImageInspection.Containers;

/// <summary>TIFF and BigTIFF in both byte orders: a chain of directories, one for each page (TIFF 6.0).</summary>
internal static class TiffContainer
{
    private const string LargeProfile = "has a large profile";

    public static bool Matches(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8) || bytes.StartsWith("II+\0"u8) || bytes.StartsWith("MM\0+"u8);

    public static Inspection Inspect(ReadOnlySpan<byte> bytes)
    {
        if (CameraRaw.IsTiffOfOne(bytes))
        {
            return Inspection.Refused(ImageRefusal.NotAnImage(CameraRaw.Refusal));
        }

        var pages = new TiffPages();
        var damage = WalkPages(bytes, pages, checkData: false);
        return damage is null ? pages.ToInspection()
            : damage == LargeProfile ? Inspection.Refused(ImageRefusal.ProfileTooLarge(ImageFormat.Tiff))
            : Inspection.Damaged(ImageFormat.Tiff, damage);
    }

    /// <summary>What keeps the file from being complete; null when every page's values, strips and tiles lie inside it.</summary>
    public static string? FindDamage(ReadOnlySpan<byte> bytes) =>
        WalkPages(bytes, new TiffPages(), checkData: true);

    private static string? WalkPages(ReadOnlySpan<byte> bytes, TiffPages pages, bool checkData)
    {
        var file = new TiffFile(bytes);
        if (!file.TryReadHeader(out var offset))
        {
            return "ends inside its header";
        }

        // Directories that overlap or come again cost their length every time: a loop has used up the file's length soon.
        long budget = bytes.Length;
        while (offset != 0)
        {
            if (!file.TryReadDirectory(offset, out var entries, out offset))
            {
                return "has a page directory that lies outside of it";
            }

            budget -= entries.Length + file.DirectoryOverhead;
            if (budget < 0)
            {
                return "has page directories that run in a circle";
            }

            var page = ReadPage(file, entries);
            if (page.Width == 0 || page.Height == 0)
            {
                return "has a page without a width or height";
            }

            if (page.ProfileBytes > ImageRefusal.MaxProfileBytes)
            {
                return LargeProfile;
            }

            pages.Add(file, entries, page.Width, page.Height, page.IsThumbnail);
            if (checkData && !(ValuesLieInside(file, entries) && DataLiesInside(file, page, ref budget)))
            {
                return "ends inside its pixel data";
            }
        }

        return null;
    }

    private static Page ReadPage(TiffFile file, ReadOnlySpan<byte> entries)
    {
        var page = default(Page);
        for (; entries.Length >= file.EntryBytes; entries = entries[file.EntryBytes..])
        {
            var entry = entries[..file.EntryBytes];
            switch (file.Number(entry[..2]))
            {
                case 254:
                    page.IsThumbnail |= (file.ReadSingle(entry) & 1) != 0;
                    break;
                case 255:
                    page.IsThumbnail |= file.ReadSingle(entry) == 2;
                    break;
                case 34675:
                    page.ProfileBytes = Math.Max(page.ProfileBytes, file.CountOf(entry));
                    break;
                case 256:
                    page.Width = Math.Max(page.Width, file.ReadSingle(entry));
                    break;
                case 257:
                    page.Height = Math.Max(page.Height, file.ReadSingle(entry));
                    break;
                case 273 or 324:
                    page.Offsets = entry;
                    break;
                case 279 or 325:
                    page.Lengths = entry;
                    break;
            }
        }

        return page;
    }

    private static bool ValuesLieInside(TiffFile file, ReadOnlySpan<byte> entries)
    {
        for (; entries.Length >= file.EntryBytes; entries = entries[file.EntryBytes..])
        {
            if (!file.HoldsValues(entries[..file.EntryBytes]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool DataLiesInside(TiffFile file, Page page, ref long budget)
    {
        if (!file.TryReadArray(page.Offsets, out var offsets, out var offsetBytes)
            || !file.TryReadArray(page.Lengths, out var lengths, out var lengthBytes))
        {
            return false;
        }

        var count = offsets.Length / offsetBytes;
        budget -= offsets.Length + lengths.Length;
        if (count == 0 || count != lengths.Length / lengthBytes || budget < 0)
        {
            return false;
        }

        for (var i = 0; i < count; i++)
        {
            var offset = file.Number(offsets.Slice(i * offsetBytes, offsetBytes));
            var length = file.Number(lengths.Slice(i * lengthBytes, lengthBytes));
            if (!file.Contains(offset, length))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What a directory says about its page: the size in pixels, and the entries with its strips' or tiles' places.</summary>
    private ref struct Page
    {
        public bool IsThumbnail;
        public ulong ProfileBytes;
        public ulong Width;
        public ulong Height;
        public ReadOnlySpan<byte> Offsets;
        public ReadOnlySpan<byte> Lengths;
    }
}
