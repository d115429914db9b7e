using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;

namespace ImageEditor.StorageManager.Gallery;

/// <summary>
/// The picture after which a page of the gallery begins, newest first. Opaque to clients. <see cref="GalleryService"/> reads the pages.
/// </summary>
/// <param name="CreatedAt">UTC, with the database's precision of a microsecond.</param>
/// <param name="Id">Decides between pictures of one microsecond.</param>
internal readonly record struct PageCursor(DateTime CreatedAt, Guid Id)
{
    private const int TimeBytes = sizeof(long);
    private const int IdBytes = 16;

    /// <summary>The begin of the gallery. For the database its time is infinity.</summary>
    public static PageCursor Start { get; } = new(DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc), Guid.AllBitsSet);

    public static bool TryParse(string text, out PageCursor cursor)
    {
        cursor = default;
        Span<byte> bytes = stackalloc byte[TimeBytes + IdBytes];
        if (Base64Url.DecodeFromChars(text, bytes, out var read, out var written) != OperationStatus.Done
            || read != text.Length
            || written != bytes.Length)
        {
            return false;
        }

        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (ticks < 0 || ticks >= DateTime.MaxValue.Ticks)
        {
            return false;
        }

        cursor = new PageCursor(new DateTime(ticks, DateTimeKind.Utc), new Guid(bytes[TimeBytes..], bigEndian: true));
        return true;
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[TimeBytes + IdBytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, CreatedAt.Ticks);
        Id.TryWriteBytes(bytes[TimeBytes..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }
}
