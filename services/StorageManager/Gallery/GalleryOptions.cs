namespace ImageEditor.StorageManager.Gallery;

/// <summary>How long pictures are kept and how large they may be (configuration section <c>Gallery</c>).</summary>
internal sealed class GalleryOptions
{
    public const string Section = "Gallery";

    /// <summary>How long a deleted picture can be restored.</summary>
    public TimeSpan RestorePeriod { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How long the service remembers what was deleted, so that a late save brings nothing back. It must be longer than a save is retried,
    /// and than <see cref="RestorePeriod"/>.
    /// </summary>
    public TimeSpan TombstoneRetention { get; set; } = TimeSpan.FromDays(2);

    /// <summary>How long images stay that belong to no picture. A save in progress renews this time well before it ends.</summary>
    public TimeSpan UploadLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often every replica sweeps.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the database may take to clear a gallery.</summary>
    public TimeSpan ClearTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The largest converted image, in bytes.</summary>
    public long MaxConvertedBytes { get; set; } = 64 << 20;

    /// <summary>The largest thumbnail, in bytes.</summary>
    public long MaxThumbnailBytes { get; set; } = 1 << 20;

    /// <summary>The largest copy of an original that browsers do not show, in bytes.</summary>
    public long MaxDisplayBytes { get; set; } = 32 << 20;
}
