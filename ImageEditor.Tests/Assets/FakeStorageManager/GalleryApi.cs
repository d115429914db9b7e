using System.Security.Cryptography;
using System.Text.Json;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ImageEditor.FakeStorageManager;

/// <summary>The storage manager's contract for saves, for tests: it records what it receives, and fails where a test asks for it.</summary>
internal static class GalleryApi
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    public static void MapGallery(this IEndpointRouteBuilder routes)
    {
        routes.MapPut("/pictures/{owner}/{jobId}", SaveAsync);
        routes.MapGet("/pictures", (Gallery gallery) => TypedResults.Ok(gallery.Pictures));
        routes.MapGet("/calls", (Gallery gallery) => TypedResults.Ok(gallery.Calls));
        routes.MapPut("/answer", (int status, Gallery gallery) => gallery.Answer = status);
        routes.MapPut("/pause", (bool on, Gallery gallery) => gallery.Pause(on));
    }

    private static async Task SaveAsync(string owner, string jobId, HttpContext context, Gallery gallery)
    {
        var picture = await ReadAsync(owner, jobId, context.Request);
        gallery.Call();
        switch (gallery.Answer)
        {
            case StatusCodes.Status204NoContent:
                gallery.Save(picture);
                await gallery.ReleasedAsync().WaitAsync(context.RequestAborted);
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case StatusCodes.Status503ServiceUnavailable:
                await ProblemTypes.Unavailable.Create("The fake storage manager was told to be unavailable.", RetryAfter)
                    .ExecuteAsync(context);
                break;
            case var status:
                context.Response.StatusCode = status;
                break;
        }
    }

    private static async Task<SavedPicture> ReadAsync(string owner, string jobId, HttpRequest request)
    {
        var boundary = HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(request.ContentType).Boundary).Value!;
        var reader = new MultipartReader(boundary, request.Body);
        var parts = new Dictionary<string, SavedPart>();
        JsonElement metadata = default;
        while (await reader.ReadNextSectionAsync(request.HttpContext.RequestAborted) is { } section)
        {
            var name = HeaderUtilities.RemoveQuotes(section.GetContentDispositionHeader()!.Name).Value!;
            using var body = new MemoryStream();
            await section.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
            if (name == "metadata")
            {
                metadata = JsonDocument.Parse(body.ToArray()).RootElement;
            }
            else
            {
                parts.Add(
                    name, new SavedPart(section.ContentType, Convert.ToHexStringLower(SHA256.HashData(body.ToArray())), (int)body.Length));
            }
        }

        return new SavedPicture(owner, jobId, metadata, parts, Times: 1);
    }
}
