using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Leasing;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageEditor.JobManager.Saves;

/// <summary>Claims of saves, and what the holder of such a lease does with it. A save has the id of its job.</summary>
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
        save.MapPut("/outcome", EndAsync)
            .WithName("EndSave").WithSummary("Ends the save, or puts it back, as its outcome says")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        return group;
    }

    private static Task<Results<Ok<SaveClaim>, NoContent, Problem>> ClaimAsync(
        SaveClaimRequest request, SaveLeases saves, ClaimWaiter waiter, CancellationToken cancellationToken) =>
        waiter.ClaimAsync(
            request.Token, () => saves.ClaimAsync(request.Token), [StoreKeys.SavesMessage], request.WaitSeconds, cancellationToken);

    private static Task<Results<StoredImageResult, Problem>> GetOriginalAsync(string id, int attempt, SaveLeases saves, BlobStore blobs) =>
        GetImageAsync(id, attempt, saves, blobs, images => images?.Original);

    private static Task<Results<StoredImageResult, Problem>> GetResultAsync(string id, int attempt, SaveLeases saves, BlobStore blobs) =>
        GetImageAsync(id, attempt, saves, blobs, images => images?.Result);

    private static async Task<Results<StoredImageResult, Problem>> GetImageAsync(
        string id, int attempt, SaveLeases saves, BlobStore blobs, Func<SaveImages?, StoredImage?> select)
    {
        var job = JobProblems.ParseId(id);
        async Task<StoredImage?> FindAsync() => select(await saves.FindImagesAsync(job));
        return await LeaseResponses.CreateAsync(blobs, saves.RenewAsync(job, attempt), FindAsync());
    }

    private static async Task<Results<NoContent, Problem>> EndAsync(string id, int attempt, SaveReport report, SaveLeases saves) =>
        SaveOutcome.IsKnown(report.Outcome)
            ? LeaseResponses.Create(await saves.EndAsync(JobProblems.ParseId(id), attempt, report))
            : JobProblems.Invalid("The outcome of a save is saved, refused, again or released.");
}
