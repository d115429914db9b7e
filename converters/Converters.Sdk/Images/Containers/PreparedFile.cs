namespace ImageEditor.Converters.Images.Containers;

/// <summary>A picture's file as libvips is given it, and what it says that libvips does not heed.</summary>
/// <param name="Bytes">The file as it was sent, or a copy whose container was put right.</param>
internal sealed record PreparedFile(byte[] Bytes)
{
    /// <summary>Whether a decoder's warning means that pixels are missing.</summary>
    public bool IsJudgedStrictly { get; init; }

    /// <summary>An ICC profile made of what the container says of its colours; null where libvips finds them by itself.</summary>
    public byte[]? Profile { get; init; }

    /// <summary>Whether colours are stored multiplied by alpha.</summary>
    public bool IsPremultiplied { get; init; }

    /// <summary>How the decoded picture has to be turned, as in EXIF, from 1 to 8; null where libvips finds it by itself.</summary>
    public int? Orientation { get; init; }

    /// <summary>What a TIFF's channels beyond its colours are, each 0 for anything, 1 or 2 for alpha; null for other formats.</summary>
    public IReadOnlyList<int>? ExtraChannels { get; init; }

    /// <summary>Why a TIFF's pages cannot be converted together; null where they can.</summary>
    public string? DifferenceOfPages { get; init; }

    /// <summary>Whether libvips makes the right picture of <see cref="Bytes"/> by itself.</summary>
    public bool IsPlain => Profile is null && !IsPremultiplied && Orientation is null && ExtraChannels is null or [] or [1] or [2];
}
