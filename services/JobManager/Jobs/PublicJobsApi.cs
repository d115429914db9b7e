using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageEditor.JobManager.Jobs;

/// <summary>Jobs as their owners see them, through the Gateway.</summary>
internal static class PublicJobsApi
{
    public static RouteGroupBuilder MapPublicJobs(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/jobs").WithTags("Jobs").ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapGet("/{id}", GetAsync)
            .WithName("GetJob").WithSummary("The converted image (200), or how far the job is (202)")
            .WithDescription("Where the submitted picture had a name, `Content-Disposition` says one for the result.")
            .Produces(
                StatusCodes.Status200OK,
                contentType: "image/png",
                additionalContentTypes: ["image/jpeg", "image/webp", "image/gif", "image/avif", "image/tiff"])
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status500InternalServerError)
            .ProducesProblem(StatusCodes.Status504GatewayTimeout);
        group.MapGet("/{id}/preview", GetPreviewAsync)
            .WithName("GetPreview").WithSummary("What the result looks like so far, while the job runs and its converter shows it")
            .WithDescription("204 while there is none: the job does not run (any more), or its converter has shown nothing yet.")
            .Produces(
                StatusCodes.Status200OK,
                contentType: "image/jpeg",
                additionalContentTypes: ["image/png", "image/webp", "image/gif", "image/avif"])
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapDelete("/{id}", DeleteAsync)
            .WithName("DeleteJob").WithSummary("Cancels a job, or drops its result")
            .ProducesProblem(StatusCodes.Status404NotFound);
        return group;
    }

    /// <summary>What a client gets for a job in its state: the image, how far the job is, or a problem.</summary>
    /// <param name="job">The job; null when there is none.</param>
    /// <param name="response">Gets the headers of a job that has not ended.</param>
    /// <param name="store">Starts the retention again of a result, which is fetched by this.</param>
    /// <param name="blobs">Has the result.</param>
    /// <param name="delivered">Gets to know when it was sent whole.</param>
    internal static async Task<Results<StoredImageResult, Accepted<PendingJob>, Problem>> RespondAsync(
        Job? job, HttpResponse response, JobStore store, BlobStore blobs, DeliveredResults delivered)
    {
        switch (job)
        {
            case { State: JobState.Done, Result: { } result }:
                return await store.ExtendRetentionAsync(job.Id)
                    ? new StoredImageResult(
                        blobs, result, job.ResultInfo, () => store.ExtendRetentionAsync(job.Id), () => delivered.Add(job.Id),
                        fileName: job.Name is { } name ? PictureName.OfResult(name, job.Change, result.ContentType) : null)
                    : JobProblems.JobNotFound;
            case { State: JobState.Failed, Problem: { } problem }:
                return problem.ToProblem();
            case { State: JobState.Cancelled }:
                return JobProblems.Cancelled;
            case { Ended: false }:
                response.Headers.RetryAfter = "1";
                response.Headers.CacheControl = "no-store";
                return TypedResults.Accepted(
                    (string?)null,
                    new PendingJob(
                        job.Id.ToString(), job.Converter, job.State, job.QueuePosition, job.Progress, job.PreviewAddress, job.Saved,
                        job.Step, job.Attempt));
            default:
                return JobProblems.JobNotFound;
        }
    }

    private static async Task<Results<StoredImageResult, Accepted<PendingJob>, Problem>> GetAsync(
        string id, HttpResponse response, JobStore store, BlobStore blobs, DeliveredResults delivered) =>
        await RespondAsync(await store.ReadAsync(JobProblems.ParseId(id)), response, store, blobs, delivered);

    private static async Task<Results<StoredImageResult, Problem>> GetPreviewAsync(
        string id, HttpResponse response, JobStore store, BlobStore blobs)
    {
        // A preview that was announced may be gone by now, which is no error.
        response.Headers.CacheControl = "no-store";
        return await store.ReadAsync(JobProblems.ParseId(id)) is { } job
            ? new StoredImageResult(blobs, job.Preview?.Image, whenMissing: TypedResults.NoContent())
            : JobProblems.JobNotFound;
    }

    private static async Task<Results<NoContent, Problem>> DeleteAsync(string id, JobStore store) =>
        await store.DeleteAsync(JobProblems.ParseId(id)) ? TypedResults.NoContent() : JobProblems.JobNotFound;
}
