using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;
using ImageEditor.StorageManager.ImageStorage;
using ImageEditor.StorageManager.Pictures;
using ImageEditor.StorageManager.Settings;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ImageEditor.StorageManager.Api;

/// <summary>Pictures as their owner sees them, through the Gateway.</summary>
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
        group.MapGet("/{id}", FindAsync)
            .WithName("GetPicture").WithSummary("What is known of a picture")
            .ProducesProblem(StatusCodes.Status404NotFound);
        MapImage(group, ImageKind.Original, "GetOriginal", "What was handed in");
        MapImage(group, ImageKind.Converted, "GetConverted", "What the converter made of it");
        MapImage(group, ImageKind.Thumbnail, "GetThumbnail", "A small one, 512 pixels at most on a side");
        group.MapDelete("/{id}", DeleteAsync)
            .WithName("DeletePicture").WithSummary("Deletes a picture; for 24 hours it can be restored")
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapPost("/{id}/restore", RestoreAsync)
            .WithName("RestorePicture").WithSummary("Takes a deletion of the last 24 hours back")
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapDelete("/", ClearAsync)
            .WithName("ClearGallery").WithSummary("Deletes all pictures, and those that jobs handed in until now are yet to bring");
        return group;
    }

    private static void MapImage(RouteGroupBuilder group, ImageKind kind, string name, string summary) =>
        group.MapMethods(
                $"/{{id}}/{kind.Name()}",
                [HttpMethods.Get, HttpMethods.Head],
                (string id, SignedIn caller, HttpContext context, Gallery gallery, IImageStorage storage, IOptions<ImageStorageOptions> options, int download = 0) =>
                    ImageAsync(id, kind, download == 1, caller, context, gallery, storage, options))
            .WithName(name).WithSummary(summary)
            .Produces(StatusCodes.Status200OK, contentType: "image/png", additionalContentTypes: ["image/jpeg", "image/webp", "image/gif", "image/avif", "image/tiff"])
            .Produces(StatusCodes.Status206PartialContent)
            .Produces(StatusCodes.Status304NotModified)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .Produces(StatusCodes.Status416RangeNotSatisfiable);

    private static async Task<Results<Ok<GalleryPage>, Problem>> ListAsync(
        string? cursor, string? converter, int? limit, SignedIn caller, HttpResponse response, Gallery gallery, CancellationToken cancellationToken)
    {
        var after = PageCursor.Start;
        if (cursor is not null && !PageCursor.TryParse(cursor, out after))
        {
            return Answers.Invalid("The cursor is none that this service gave: take a page's 'next', or leave it out for the first page.");
        }

        if (converter is not null && !ConverterName.IsValid(converter))
        {
            return Answers.Invalid("A converter's name has lower-case letters, digits and hyphens.");
        }

        if (limit is < 1 or > MaxLimit)
        {
            return Answers.Invalid($"The limit is from 1 to {MaxLimit}.");
        }

        var (pictures, next) = await gallery.PageAsync(caller.Owner, after, converter, limit ?? DefaultLimit, cancellationToken);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new GalleryPage([.. pictures.Select(GalleryItem.Of)], next?.ToString()));
    }

    private static async Task<Results<Ok<GalleryItem>, Problem>> FindAsync(
        string id, SignedIn caller, HttpResponse response, Gallery gallery, CancellationToken cancellationToken)
    {
        response.Headers.CacheControl = "no-store";
        return IsId(id, out var one) && await gallery.FindAsync(caller.Owner, one, cancellationToken) is { } picture
            ? TypedResults.Ok(GalleryItem.Of(picture))
            : Answers.PictureNotFound;
    }

    private static async Task<Results<FileStreamHttpResult, Problem>> ImageAsync(
        string id,
        ImageKind kind,
        bool download,
        SignedIn caller,
        HttpContext context,
        Gallery gallery,
        IImageStorage storage,
        IOptions<ImageStorageOptions> options)
    {
        if (!IsId(id, out var one) || await gallery.FindAsync(caller.Owner, one, context.RequestAborted) is not { } picture || picture.Image(kind) is not { } image)
        {
            return Answers.PictureNotFound;
        }

        // What is behind an address never changes. Still it is asked for each time: after a sign-out, a browser's copy must show nobody anything.
        var headers = context.Response.Headers;
        headers.CacheControl = "private, no-cache";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "sandbox";
        return TypedResults.Stream(
            new StoredImageStream(storage, picture.Place, kind, image.Bytes, options.Value.ReadTimeout),
            image.Type,
            download ? FileNames.Of(FileNames.Stem(picture), kind, image) : null,
            entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(image.Hash)}\""),
            enableRangeProcessing: true);
    }

    private static async Task<Results<NoContent, Problem>> DeleteAsync(string id, SignedIn caller, Gallery gallery, CancellationToken cancellationToken) =>
        IsId(id, out var one) && await gallery.DeleteAsync(caller.Owner, one, cancellationToken) ? TypedResults.NoContent() : Answers.PictureNotFound;

    private static async Task<Results<NoContent, Problem>> RestoreAsync(string id, SignedIn caller, Gallery gallery, CancellationToken cancellationToken) =>
        IsId(id, out var one) && await gallery.RestoreAsync(caller.Owner, one, cancellationToken) ? TypedResults.NoContent() : Answers.PictureNotFound;

    private static async Task<NoContent> ClearAsync(SignedIn caller, Gallery gallery, CancellationToken cancellationToken)
    {
        await gallery.ClearAsync(caller.Owner, cancellationToken);
        return TypedResults.NoContent();
    }

    private static bool IsId(string text, out Guid id) => Guid.TryParseExact(text, "D", out id);
}
