using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace ImageEditor.JobManager.Attempts;

/// <summary>What the holder of a lease does with its job; each call carries its attempt.</summary>
internal static class AttemptsApi
{
    private const int MaxInfoLength = 16 << 10;
    private const int MaxTypeLength = 100;

    public static RouteGroupBuilder MapAttempts(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/jobs/{id}").WithTags("Attempts")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapGet("/input", GetInputAsync).WithName("GetInput").WithSummary("The input of a job");
        group.MapPatch("/", RenewAsync).WithName("RenewLease").WithSummary("Renews the lease and reports progress");
        group.MapPut("/preview", PreviewAsync).WithName("ShowPreview").WithSummary("Replaces the job's preview by a picture, the body").WithMetadata(RequestBodies.Unlimited);
        group.MapPut("/result", CompleteAsync).WithName("CompleteJob").WithSummary("Ends the job with a result, the body").WithMetadata(RequestBodies.Unlimited);
        group.MapPut("/failure", FailAsync).WithName("FailAttempt").WithSummary("Ends the job, or puts it back into the queue, as the failure's kind says");
        return group;
    }

    private static async Task<Results<StoredImageResult, Problem>> GetInputAsync(string id, int attempt, JobStore store, JobLeases leases, BlobStore blobs)
    {
        if (!JobId.TryParse(id, out var jobId))
        {
            return JobProblems.JobNotFound;
        }

        // Reading the input takes the claim up.
        var (reading, renewing) = (store.ReadAsync(jobId), leases.RenewAsync(jobId, attempt, progress: null));
        await Task.WhenAll(reading, renewing);
        return await renewing is var renewed and not ScriptResult.Renewed ? JobProblems.Refused(renewed)
            : (await reading)?.Input is { } input ? new StoredImageResult(blobs, input)
            : JobProblems.Refused(ScriptResult.Stale);
    }

    private static async Task<Results<NoContent, Problem>> RenewAsync(string id, int attempt, HeartbeatRequest heartbeat, JobLeases leases)
    {
        double? progress = heartbeat.Progress is { } value ? Math.Clamp(value, 0, 1) : null;
        return Respond(JobId.TryParse(id, out var job) ? await leases.RenewAsync(job, attempt, progress) : ScriptResult.NotFound);
    }

    private static async Task<Results<NoContent, Problem>> PreviewAsync(
        string id, int attempt, HttpRequest request, JobLeases leases, RequestBodies bodies, IOptions<JobsOptions> options)
    {
        if (ImageType(request) is not { } type)
        {
            return JobProblems.Invalid("A preview has an image's Content-Type.");
        }

        var check = JobId.TryParse(id, out var job) ? await leases.CheckAsync(job, attempt) : ScriptResult.NotFound;
        if (check != ScriptResult.Renewed)
        {
            return check == ScriptResult.Repeated ? JobProblems.Refused(ScriptResult.Stale) : Respond(check);
        }

        using var body = await bodies.ReadAsync(request, options.Value.MaxPreviewBytes);
        var outcome = await leases.PreviewAsync(job, attempt, body.Bytes, type);
        body.ReturnBuffer();
        return Respond(outcome);
    }

    private static async Task<Results<NoContent, Problem>> CompleteAsync(
        string id,
        int attempt,
        [FromHeader(Name = ServiceHeaders.ResultInfo)] string? info,
        HttpRequest request,
        JobLeases leases,
        RequestBodies bodies,
        IOptions<JobsOptions> options)
    {
        if (ImageType(request) is not { } type)
        {
            return JobProblems.Invalid("A result has an image's Content-Type.");
        }

        if (info?.Length > MaxInfoLength)
        {
            return JobProblems.Invalid($"{ServiceHeaders.ResultInfo} has more than {MaxInfoLength} characters.");
        }

        // Before the body is read: a late result may be large, and in vain.
        var check = JobId.TryParse(id, out var job) ? await leases.CheckAsync(job, attempt) : ScriptResult.NotFound;
        if (check != ScriptResult.Renewed)
        {
            return Respond(check);
        }

        using var body = await bodies.ReadAsync(request, options.Value.MaxResultBytes);
        var outcome = await leases.CompleteAsync(job, attempt, body.Bytes, type, info);
        body.ReturnBuffer();
        return Respond(outcome);
    }

    private static async Task<Results<NoContent, Problem>> FailAsync(string id, int attempt, FailureReport report, JobLeases leases)
    {
        if (!FailureKind.IsKnown(report.Kind))
        {
            return JobProblems.Invalid("A failure's kind is final, error, broken, unavailable or released.");
        }

        return Respond(JobId.TryParse(id, out var job) ? await leases.FailAsync(job, attempt, Failure.From(report)) : ScriptResult.NotFound);
    }

    private static string? ImageType(HttpRequest request) =>
        request.ContentType is { Length: <= MaxTypeLength } type && type.StartsWith("image/", StringComparison.OrdinalIgnoreCase) ? type : null;

    private static Results<NoContent, Problem> Respond(ScriptResult result) => result switch
    {
        ScriptResult.Renewed or ScriptResult.Completed or ScriptResult.Failed or ScriptResult.Requeued or ScriptResult.Repeated or ScriptResult.Previewed => TypedResults.NoContent(),
        _ => JobProblems.Refused(result),
    };
}
