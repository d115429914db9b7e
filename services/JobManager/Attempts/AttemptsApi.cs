using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Leasing;
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
        group.MapPut("/preview", PreviewAsync)
            .WithName("ShowPreview").WithSummary("Replaces the job's preview by a picture, the body").WithMetadata(RequestBodies.Unlimited);
        group.MapPut("/result", CompleteAsync)
            .WithName("CompleteJob").WithSummary("Ends the job with a result, the body").WithMetadata(RequestBodies.Unlimited);
        group.MapPut("/failure", FailAsync)
            .WithName("FailAttempt").WithSummary("Ends the job, or puts it back into the queue, as the failure's kind says");
        return group;
    }

    private static async Task<Results<StoredImageResult, Problem>> GetInputAsync(
        string id, int attempt, JobStore store, JobLeases leases, BlobStore blobs)
    {
        var job = JobProblems.ParseId(id);
        async Task<StoredImage?> FindAsync() => (await store.ReadAsync(job))?.Input;
        return await LeaseResponses.CreateAsync(blobs, leases.RenewAsync(job, attempt, progress: null), FindAsync());
    }

    private static async Task<Results<NoContent, Problem>> PreviewAsync(
        string id, int attempt, HttpRequest request, JobLeases leases, RequestBodies bodies, IOptions<JobsOptions> options)
    {
        var type = ImageType(request);
        var job = JobProblems.ParseId(id);
        var (check, _, _) = await leases.CheckAsync(job, attempt);
        return check == ScriptResult.Repeated
            ? JobProblems.Refused(ScriptResult.Stale)
            : await PutAsync(
                check, request, options.Value.MaxPreviewBytes, bodies, image => leases.PreviewAsync(job, attempt, image, type));
    }

    private static async Task<Results<NoContent, Problem>> CompleteAsync(
        string id,
        int attempt,
        [FromHeader(Name = ServiceHeaders.ResultInfo)] string? info,
        HttpRequest request,
        JobLeases leases,
        RequestBodies bodies,
        int width = 0,
        int height = 0)
    {
        var type = ImageType(request);
        if (info?.Length > MaxInfoLength)
        {
            return JobProblems.Invalid($"{ServiceHeaders.ResultInfo} has more than {MaxInfoLength} characters.");
        }

        var job = JobProblems.ParseId(id);
        var (check, maxBytes, keys) = await leases.CheckAsync(job, attempt);
        return await PutAsync(
            check,
            request,
            maxBytes,
            bodies,
            image => leases.CompleteAsync(job, attempt, keys, image, type, width, height, info));
    }

    /// <summary>Stores the body, unless the check has refused it already: then it is not read, as it may be large.</summary>
    private static async Task<Results<NoContent, Problem>> PutAsync(
        ScriptResult check, HttpRequest request, int maxBytes, RequestBodies bodies, Func<ReadOnlyMemory<byte>, Task<ScriptResult>> store)
    {
        if (check != ScriptResult.Renewed)
        {
            return LeaseResponses.Create(check);
        }

        using var body = await bodies.ReadAsync(request, maxBytes);
        var result = await store(body.Bytes);
        body.ReturnBuffer();
        return LeaseResponses.Create(result);
    }

    private static async Task<Results<NoContent, Problem>> FailAsync(string id, int attempt, FailureReport report, JobLeases leases) =>
        FailureKind.IsKnown(report.Kind)
            ? LeaseResponses.Create(await leases.FailAsync(JobProblems.ParseId(id), attempt, Failure.From(report)))
            : JobProblems.Invalid("A failure's kind is final, error, broken, unavailable or released.");

    private static string ImageType(HttpRequest request) =>
        request.ContentType is { Length: <= MaxTypeLength } type && type.StartsWith("image/", StringComparison.OrdinalIgnoreCase)
            ? type
            : throw ProblemTypes.InvalidParameters.Refuse("A result or preview has an image's Content-Type.");
}
