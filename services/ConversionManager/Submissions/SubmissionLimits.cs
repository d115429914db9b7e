using ImageEditor.ConversionManager.ImageInspection;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>How large the images of a request may be.</summary>
/// <param name="MaxImageBytes">Bytes of each.</param>
/// <param name="Image">What each may be like.</param>
internal sealed record SubmissionLimits(int MaxImageBytes, ImageLimits Image);
