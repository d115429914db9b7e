using ImageEditor.StorageManager.ImageStorage;
using Microsoft.Extensions.Options;

namespace ImageEditor.StorageManager.Gallery;

/// <summary>An owner's whole gallery as one file.</summary>
internal static class GalleryArchiveApi
{
    public static RouteGroupBuilder MapGalleryArchive(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/gallery.zip").WithTags("Gallery")
            .RequireSignIn()
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapGet("/", Get)
            .WithName("DownloadGallery").WithSummary("All your pictures, originals and converted ones, as a zip file")
            .Produces(StatusCodes.Status200OK, contentType: GalleryArchive.ContentType);
        return group;
    }

    private static GalleryArchive Get(
        SignedInOwner caller, GalleryService gallery, IImageStorage storage, IOptions<ImageStorageOptions> options) =>
        new(caller.Owner, gallery, storage, options.Value.ReadTimeout);
}
