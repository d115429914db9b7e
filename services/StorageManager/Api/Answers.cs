using ImageEditor.ServiceDefaults.Problems;
using ImageEditor.StorageManager.ImageStorage;

namespace ImageEditor.StorageManager.Api;

/// <summary>The problems that this service answers with.</summary>
internal static class Answers
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(10);

    public static Problem SignIn { get; } = ProblemTypes.Unauthorized.Create("The gallery is its owner's: sign in first.");

    public static Problem PictureNotFound { get; } =
        ProblemTypes.PictureNotFound.Create("There is no such picture in your gallery; it may have been deleted. GET /api/gallery lists what there is.");

    public static Problem PictureDeleted { get; } =
        ProblemTypes.PictureDeleted.Create("The picture, or its owner's whole gallery or account, was deleted: do not save it again.");

    public static Problem MetadataUnavailable { get; } =
        ProblemTypes.Unavailable.Create("The gallery's database cannot be reached at the moment; what was saved is safe. Try again shortly.", Soon);

    public static Problem Invalid(string detail) => ProblemTypes.InvalidParameters.Create(detail);

    /// <summary>Says what is wrong with image storage.</summary>
    public static Problem StorageUnavailable(StorageFault fault) => fault switch
    {
        StorageFault.Full => ProblemTypes.Unavailable.Create("Image storage is full; what was saved is safe. Room must be made by whoever runs this installation.", Later),
        StorageFault.AccessDenied => ProblemTypes.Unavailable.Create("Image storage refuses access; whoever runs this installation must look at its keys and permissions.", Later),
        StorageFault.Missing => ProblemTypes.Unavailable.Create("Image storage does not have this image at the moment. Try again later, and tell whoever runs this installation.", Later),
        _ => ProblemTypes.Unavailable.Create("Image storage cannot be reached at the moment; what was saved is safe. Try again shortly.", Soon),
    };
}
