using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;
using ImageEditor.StorageManager.Pictures;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace ImageEditor.StorageManager.Saves;

/// <summary>Saves pictures, for ConversionManager.</summary>
internal static class PicturesApi
{
    private static readonly MinDataRate SlowUploadRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromMinutes(1));

    public static RouteGroupBuilder MapPictures(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/pictures").WithTags("Pictures");
        group.MapPut("/{owner}/{jobId}", SaveAsync)
            .WithName("SavePicture")
            .WithSummary(
                "Saves what a job made: multipart/form-data with the parts metadata, original, converted and, optionally, thumbnail")

            // Each part has its own limit. The server's limit would close the connection of a caller that is still sending.
            .WithMetadata(new DisableRequestSizeLimitAttribute())
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        return group;
    }

    private static async Task<Results<NoContent, Problem>> SaveAsync(string owner, string jobId, HttpRequest request, PictureSaver saver)
    {
        // The caller has the images in memory, but a busy machine may delay it by more than the 5 s that the server allows.
        if (request.HttpContext.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = SlowUploadRate;
        }

        if (!Owner.TryParse(owner, out var parsedOwner) || !JobId.TryParse(jobId, out var parsedJobId))
        {
            return ProblemTypes.InvalidParameters.Create($"A picture has an owner (a GUID) and a job's id ({JobId.Form}).");
        }

        return await saver.SaveAsync(parsedOwner, parsedJobId, request) == SaveOutcome.Deleted
            ? ProblemTypes.PictureDeleted.Create("The picture, or its owner's whole gallery or account, was deleted: do not save it again.")
            : TypedResults.NoContent();
    }
}
