using ImageEditor.ServiceDefaults.Problems;

namespace ImageEditor.StorageManager.Gallery;

/// <summary>The problems that more than one of the gallery's routes answers with.</summary>
internal static class GalleryProblems
{
    public static Problem SignInRequired { get; } = ProblemTypes.Unauthorized.Create(
        "Sign in first: a gallery and its recipes are their owner's.");

    public static Problem PictureNotFound { get; } = ProblemTypes.PictureNotFound.Create(
        "There is no such picture in your gallery; it may have been deleted. GET /api/gallery lists what there is.");
}
