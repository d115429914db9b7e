using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;
using ImageEditor.StorageManager.ImageStorage;
using ImageEditor.StorageManager.Pictures;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ImageEditor.StorageManager.Gallery;

/// <summary>An owner's pictures, through the Gateway.</summary>
internal static class GalleryApi
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    public static RouteGroupBuilder MapGallery(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/gallery").WithTags("Gallery")
            .RequireSignIn()
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapGet("/", ListAsync)
            .WithName("ListPictures").WithSummary("A page of your pictures, newest first")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapGet("/{id}", GetAsync)
            .WithName("GetPicture").WithSummary("What is known of a picture")
            .ProducesProblem(StatusCodes.Status404NotFound);
        MapImage(group, ImageKind.Original, "GetOriginal", "The submitted image");
        MapImage(group, ImageKind.Converted, "GetConverted", "The converter's result");
        MapImage(group, ImageKind.Thumbnail, "GetThumbnail", "A small version of the result, at most 512 pixels on a side");
        MapImage(
            group,
            ImageKind.Display,
            "GetDisplayCopy",
            "A copy of the submitted image, at most 2,048 pixels on a side, where browsers do not show it itself (HEIC, TIFF)");
        group.MapDelete("/{id}", DeleteAsync)
            .WithName("DeletePicture").WithSummary("Deletes a picture; for 24 hours it can be restored")
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapPost("/{id}/restore", RestoreAsync)
            .WithName("RestorePicture").WithSummary("Takes a deletion of the last 24 hours back")
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapDelete("/", ClearAsync)
            .WithName("ClearGallery").WithSummary("Deletes all pictures, and those of jobs submitted until now that are still to be saved");
        return group;
    }

    private static void MapImage(RouteGroupBuilder group, ImageKind kind, string name, string summary) =>
        group.MapMethods(
                $"/{{id}}/{kind.Name()}",
                [HttpMethods.Get, HttpMethods.Head],
                (string id,
                    SignedInOwner caller,
                    HttpContext context,
                    GalleryService gallery,
                    IImageStorage storage,
                    IOptions<ImageStorageOptions> options,
                    int download = 0) => GetImageAsync(id, kind, download == 1, caller, context, gallery, storage, options))
            .WithName(name).WithSummary(summary)
            .Produces(
                StatusCodes.Status200OK,
                contentType: "image/png",
                additionalContentTypes: ["image/jpeg", "image/webp", "image/gif", "image/avif", "image/tiff"])
            .Produces(StatusCodes.Status206PartialContent)
            .Produces(StatusCodes.Status304NotModified)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .Produces(StatusCodes.Status416RangeNotSatisfiable);

    private static async Task<Results<Ok<GalleryPage>, Problem>> ListAsync(
        string? cursor,
        string? converter,
        int? limit,
        SignedInOwner caller,
        HttpResponse response,
        GalleryService gallery,
        CancellationToken cancellationToken)
    {
        var after = PageCursor.Start;
        if (cursor is not null && !PageCursor.TryParse(cursor, out after))
        {
            return ProblemTypes.InvalidParameters.Create(
                "The cursor is none that this service gave: take a page's 'next', or leave it out for the first page.");
        }

        if (converter is not null && !ConverterName.IsValid(converter))
        {
            return ProblemTypes.InvalidParameters.Create($"A converter's name has {ConverterName.Rule}.");
        }

        if (limit is < 1 or > MaxLimit)
        {
            return ProblemTypes.InvalidParameters.Create($"The limit is from 1 to {MaxLimit}.");
        }

        var page = await gallery.ReadPageAsync(caller.Owner, after, converter, limit ?? DefaultLimit, cancellationToken);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new GalleryPage([.. page.Pictures.Select(GalleryItem.From)], page.Next?.ToString()));
    }

    private static async Task<Results<Ok<GalleryItem>, Problem>> GetAsync(
        string id, SignedInOwner caller, HttpResponse response, GalleryService gallery, CancellationToken cancellationToken)
    {
        response.Headers.CacheControl = "no-store";
        return TryParseId(id, out var pictureId) && await gallery.FindAsync(caller.Owner, pictureId, cancellationToken) is { } picture
            ? TypedResults.Ok(GalleryItem.From(picture))
            : GalleryProblems.PictureNotFound;
    }

    private static async Task<Results<FileStreamHttpResult, Problem>> GetImageAsync(
        string id,
        ImageKind kind,
        bool download,
        SignedInOwner caller,
        HttpContext context,
        GalleryService gallery,
        IImageStorage storage,
        IOptions<ImageStorageOptions> options)
    {
        if (!TryParseId(id, out var pictureId)
            || await gallery.FindAsync(caller.Owner, pictureId, context.RequestAborted) is not { } picture
            || picture.Image(kind) is not { } image)
        {
            return GalleryProblems.PictureNotFound;
        }

        // An image never changes. Browsers revalidate it all the same: after signing out, their copy must not be shown to anybody.
        var headers = context.Response.Headers;
        headers.CacheControl = "private, no-cache";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "sandbox";
        return TypedResults.Stream(
            new StoredImageStream(storage, picture.Location, kind, image.Bytes, options.Value.ReadTimeout),
            image.Type,
            download ? FileNames.ForImage(picture, kind, image) : null,
            entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(image.Hash)}\""),
            enableRangeProcessing: true);
    }

    private static async Task<Results<NoContent, Problem>> DeleteAsync(
        string id, SignedInOwner caller, GalleryService gallery, CancellationToken cancellationToken) =>
        TryParseId(id, out var pictureId) && await gallery.DeleteAsync(caller.Owner, pictureId, cancellationToken)
            ? TypedResults.NoContent()
            : GalleryProblems.PictureNotFound;

    private static async Task<Results<NoContent, Problem>> RestoreAsync(
        string id, SignedInOwner caller, GalleryService gallery, CancellationToken cancellationToken) =>
        TryParseId(id, out var pictureId) && await gallery.RestoreAsync(caller.Owner, pictureId, cancellationToken)
            ? TypedResults.NoContent()
            : GalleryProblems.PictureNotFound;

    private static async Task<NoContent> ClearAsync(SignedInOwner caller, GalleryService gallery, CancellationToken cancellationToken)
    {
        await gallery.ClearAsync(caller.Owner, cancellationToken);
        return TypedResults.NoContent();
    }

    private static bool TryParseId(string text, out Guid id) => Guid.TryParseExact(text, "D", out id);
}
