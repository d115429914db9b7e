using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Leasing;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageEditor.JobManager.Saves;

/// <summary>Handing out the saves of jobs that have an owner, and what the holder of such a lease does with it; a save has its job's id.</summary>
internal static class SavesApi
{
    public static RouteGroupBuilder MapSaves(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/saves").WithTags("Saves").ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapPost("/claims", ClaimAsync)
            .WithName("ClaimSave").WithSummary("Takes the next save, and waits for one if there is none")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        var save = group.MapGroup("/{id}")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        save.MapGet("/original", GetOriginalAsync).WithName("GetOriginal").WithSummary("The input of the job that is to be saved");
        save.MapGet("/result", GetResultAsync).WithName("GetSavedResult").WithSummary("The result of the job that is to be saved");
        save.MapPatch("/", RenewAsync).WithName("RenewSave").WithSummary("Renews the lease on a save");
        save.MapPut("/outcome", EndAsync)
            .WithName("EndSave").WithSummary("Ends the save, or puts it back, as its outcome says")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        return group;
    }

    private static async Task<Results<Ok<SaveClaim>, NoContent, Problem>> ClaimAsync(
        SaveClaimRequest request, SaveLeases saves, ClaimWaiter claims, CancellationToken cancellationToken)
    {
        if (!ClaimToken.IsValid(request.Token))
        {
            return JobProblems.Invalid("A claim names a token (8 to 128 letters, digits, '-' or '_').");
        }

        return await claims.WaitAsync(() => saves.ClaimAsync(request.Token), StoreKeys.SavesMessage, request.WaitSeconds, cancellationToken) is { } claim
            ? TypedResults.Ok(claim)
            : TypedResults.NoContent();
    }

    private static Task<Results<StoredImageResult, Problem>> GetOriginalAsync(string id, int attempt, SaveLeases saves, BlobStore blobs) =>
        GetImageAsync(id, attempt, saves, blobs, images => images.Original);

    private static Task<Results<StoredImageResult, Problem>> GetResultAsync(string id, int attempt, SaveLeases saves, BlobStore blobs) =>
        GetImageAsync(id, attempt, saves, blobs, images => images.Result);

    /// <summary>Reading an image takes the claim up, or renews it.</summary>
    private static async Task<Results<StoredImageResult, Problem>> GetImageAsync(
        string id, int attempt, SaveLeases saves, BlobStore blobs, Func<SaveImages, StoredImage> which)
    {
        if (!JobId.TryParse(id, out var job))
        {
            return JobProblems.JobNotFound;
        }

        var (finding, renewing) = (saves.FindImagesAsync(job), saves.RenewAsync(job, attempt));
        await Task.WhenAll(finding, renewing);
        return await renewing is var renewed and not ScriptResult.Renewed ? JobProblems.Refused(renewed)
            : await finding is { } images ? new StoredImageResult(blobs, which(images))
            : JobProblems.Refused(ScriptResult.Stale);
    }

    private static async Task<Results<NoContent, Problem>> RenewAsync(string id, int attempt, SaveLeases saves) =>
        Respond(JobId.TryParse(id, out var job) ? await saves.RenewAsync(job, attempt) : ScriptResult.NotFound);

    private static async Task<Results<NoContent, Problem>> EndAsync(string id, int attempt, SaveReport report, SaveLeases saves)
    {
        if (!SaveOutcome.IsKnown(report.Outcome))
        {
            return JobProblems.Invalid("The outcome of a save is saved, refused, again or released.");
        }

        return Respond(JobId.TryParse(id, out var job) ? await saves.EndAsync(job, attempt, report) : ScriptResult.NotFound);
    }

    private static Results<NoContent, Problem> Respond(ScriptResult result) => result switch
    {
        ScriptResult.NotFound or ScriptResult.Stale => JobProblems.Refused(result),
        _ => TypedResults.NoContent(),
    };
}
