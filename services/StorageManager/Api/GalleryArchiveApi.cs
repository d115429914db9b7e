using ImageEditor.StorageManager.ImageStorage;
using ImageEditor.StorageManager.Pictures;
using ImageEditor.StorageManager.Settings;
using Microsoft.Extensions.Options;

namespace ImageEditor.StorageManager.Api;

/// <summary>The whole gallery as one file.</summary>
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

    private static GalleryArchive Get(SignedIn caller, Gallery gallery, IImageStorage storage, IOptions<ImageStorageOptions> options) =>
        new(caller.Owner, gallery, storage, options.Value.ReadTimeout);
}
