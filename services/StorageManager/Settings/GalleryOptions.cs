using ImageEditor.StorageManager.Pictures;
using Microsoft.Extensions.Options;

namespace ImageEditor.StorageManager.Settings;

/// <summary>How long things are kept and how large they may be (configuration section <c>Gallery</c>).</summary>
internal sealed class GalleryOptions
{
    public const string Section = "Gallery";

    /// <summary>How long a deleted picture can be restored.</summary>
    public TimeSpan RestoreWithin { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long what was deleted is remembered, so that a late save brings nothing back. Longer than a save is tried, and than <see cref="RestoreWithin"/>.</summary>
    public TimeSpan TombstoneLife { get; set; } = TimeSpan.FromDays(2);

    /// <summary>How long images stay that no picture names. A save in progress renews this well before it is over.</summary>
    public TimeSpan UploadLife { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often every replica sweeps.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long clearing a gallery may take in the database.</summary>
    public TimeSpan ClearTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The largest original, in bytes.</summary>
    public long MaxOriginalBytes { get; set; } = 20_000_000;

    /// <summary>The largest converted image, in bytes.</summary>
    public long MaxConvertedBytes { get; set; } = 64 << 20;

    /// <summary>The largest thumbnail, in bytes.</summary>
    public long MaxThumbnailBytes { get; set; } = 1 << 20;

    /// <summary>The largest image of a kind, in bytes.</summary>
    public long MaxBytes(ImageKind kind) => kind switch
    {
        ImageKind.Original => MaxOriginalBytes,
        ImageKind.Converted => MaxConvertedBytes,
        _ => MaxThumbnailBytes,
    };
}

/// <summary>Refuses, at start, lifetimes and limits that could not work.</summary>
internal sealed class GalleryRules : IValidateOptions<GalleryOptions>
{
    public ValidateOptionsResult Validate(string? name, GalleryOptions options) => Rules.Result(
    [
        .. Positive(options),
        Rules.Require(options.RestoreWithin <= options.TombstoneLife,
            $"Gallery:TombstoneLife ({options.TombstoneLife}) must not be shorter than Gallery:RestoreWithin ({options.RestoreWithin}), or a late save could bring back what was deleted."),
    ]);

    private static IEnumerable<string?> Positive(GalleryOptions options) => typeof(GalleryOptions).GetProperties()
        .Where(property => property.GetValue(options) is long and <= 0 || (property.GetValue(options) is TimeSpan time && time <= TimeSpan.Zero))
        .Select(property => $"Gallery:{property.Name} must be positive.");
}
