using ImageEditor.ConversionManager.ImageInspection;

namespace ImageEditor.ConversionManager.Saves;

/// <summary>A thumbnail, or how the save continues without one.</summary>
/// <param name="Image">The thumbnail; null when the picture is saved without one.</param>
/// <param name="Retry">Why the save is to be tried again later; null when it is not.</param>
internal sealed record ThumbnailResult(ImageFile? Image, SaveReport? Retry = null)
{
    /// <summary>The picture is saved without a thumbnail.</summary>
    public static ThumbnailResult None { get; } = new(Image: null);

    /// <summary>The save is tried again later.</summary>
    public static ThumbnailResult Later(string reason, TimeSpan? retryAfter = null) =>
        new(Image: null, SaveReport.Retry($"The thumbnail converter made no thumbnail: {reason}.", retryAfter: retryAfter));
}
