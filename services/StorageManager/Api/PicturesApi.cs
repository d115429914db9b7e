using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;
using ImageEditor.StorageManager.Pictures;
using ImageEditor.StorageManager.Saving;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace ImageEditor.StorageManager.Api;

/// <summary>Taking pictures in, for the service that saves results.</summary>
internal static class PicturesApi
{
    private static readonly MinDataRate Patient = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromMinutes(1));

    public static RouteGroupBuilder MapPictures(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/pictures").WithTags("Pictures");
        group.MapPut("/{owner}/{jobId}", SaveAsync)
            .WithName("SavePicture").WithSummary("Saves what a job made: multipart/form-data with the parts metadata, original, converted and, optionally, thumbnail")

            // Each part has a limit of its own; the server's would close the connection of a caller that is still sending.
            .WithMetadata(new DisableRequestSizeLimitAttribute())
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        return group;
    }

    private static async Task<Results<NoContent, Problem>> SaveAsync(string owner, string jobId, HttpRequest request, Saver saver)
    {
        // A caller may be held up for more than the server's 5 s by where it has the images from.
        if (request.HttpContext.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = Patient;
        }

        if (!Owner.TryParse(owner, out var who) || !JobId.TryParse(jobId, out var job))
        {
            return Answers.Invalid("A picture has an owner (a GUID) and a job's id ('p0-' and 32 lower-case hexadecimal digits).");
        }

        return await saver.SaveAsync(who, job, request) == SaveOutcome.Deleted ? Answers.PictureDeleted : TypedResults.NoContent();
    }
}
