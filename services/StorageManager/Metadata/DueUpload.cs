using ImageEditor.StorageManager.Pictures;

namespace ImageEditor.StorageManager.Metadata;

/// <summary>An upload whose images the sweep has to remove.</summary>
/// <param name="Location">Where its images are.</param>
/// <param name="IsDiscarded">
/// Whether nothing writes to the location any more. Otherwise the upload was aborted just now, its process may still write an image, and
/// the sweep has to remove the images once more later.
/// </param>
internal sealed record DueUpload(ImageLocation Location, bool IsDiscarded);
