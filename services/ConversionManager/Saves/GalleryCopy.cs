using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.ImageInspection;

namespace ImageEditor.ConversionManager.Saves;

/// <summary>A small copy of an image, or how the save continues without one.</summary>
/// <param name="Image">The copy; null when the picture is saved without one.</param>
/// <param name="Retry">Why the save is to be tried again later; null when it is not.</param>
internal sealed record GalleryCopy(ImageFile? Image, SaveReport? Retry = null)
{
    /// <summary>The picture is saved without a copy.</summary>
    public static GalleryCopy None { get; } = new(Image: null);

    /// <summary>The save is tried again later.</summary>
    public static GalleryCopy Later(Converter converter, string reason, TimeSpan? retryAfter = null) =>
        new(Image: null, SaveReport.Retry($"The converter '{converter.Name}' made no small copy: {reason}.", retryAfter: retryAfter));
}
