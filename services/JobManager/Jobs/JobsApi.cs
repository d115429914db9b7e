using System.Text;
using System.Text.Json;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Configuration;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace ImageEditor.JobManager.Jobs;

/// <summary>Creates jobs, for the services that accept submissions.</summary>
internal static class JobsApi
{
    private const int MaxJsonLength = 64 << 10;
    private const int MaxHeaderLength = 512;
    private const int MaxPartyLength = 64;
    private const int PrecheckThreshold = 256 << 10;
    private const int MaxWaitMilliseconds = 30_000;

    public static RouteGroupBuilder MapJobs(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/jobs").WithTags("Jobs");
        group.MapPost("/", CreateAsync)
            .WithName("CreateJob").WithSummary("Stores and queues a job; the body is its recipe, if it has one, and its input")
            .WithMetadata(RequestBodies.Unlimited)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapPut("/delivered", NoteDeliveries)
            .WithName("NoteDeliveries").WithSummary("Says that results were sent whole, by whoever did")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapGet("/{id}/outcome", WaitForOutcomeAsync)
            .WithName("WaitForOutcome").WithSummary("Waits until the job has ended, then answers as GET /api/jobs/{id} does")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status500InternalServerError)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .ProducesProblem(StatusCodes.Status504GatewayTimeout);
        return group;
    }

    private static async Task<Results<Created<CreatedJob>, Ok<CreatedJob>, Problem>> CreateAsync(
        string id,
        string converter,
        string? parameters,
        int? recipeLength,
        string? claim,
        string? program,
        bool? recipes,
        long? yield,
        [FromHeader(Name = ServiceHeaders.InputImages)] string? images,
        [FromHeader(Name = ServiceHeaders.PictureName)] string? encodedName,
        [FromHeader(Name = ServiceHeaders.AuthenticatedUser)] string? owner,
        [FromHeader(Name = ServiceHeaders.Party)] string? party,
        [FromHeader(Name = "traceparent")] string? traceParent,
        [FromHeader(Name = "tracestate")] string? traceState,
        HttpRequest request,
        JobStore store,
        RequestBodies bodies,
        IOptions<JobsOptions> options,
        IOptions<PictureOptions> pictures)
    {
        if (!JobId.TryParse(id, out var job) || !ConverterName.IsValid(converter))
        {
            return JobProblems.Invalid($"A job has an id ({JobId.Form}) and a converter's name ({ConverterName.Rule}).");
        }

        if (recipeLength is null ? !IsJson(parameters ?? "", JsonValueKind.Object) : recipeLength is < 1 or > MaxJsonLength)
        {
            return JobProblems.Invalid("A job has parameters (a JSON object of at most 64 KiB), or a recipe (at most 64 KiB).");
        }

        if (request.ContentType is not { Length: > 0 and <= MaxHeaderLength } contentType)
        {
            return JobProblems.Invalid("A job has a Content-Type.");
        }

        if (claim is not null && !ClaimToken.IsValid(claim))
        {
            return JobProblems.Invalid($"A claim names a token ({ClaimToken.Rule}).");
        }

        var converters = program?.Split(',');
        if (converters is not null && !Claimer.AreValid(converters))
        {
            return JobProblems.Invalid($"A program has {Claimer.Rule}, separated by commas.");
        }

        if (yield <= 0)
        {
            return JobProblems.Invalid("What a job can yield is a positive number of bytes.");
        }

        if (images is not null && !IsJson(images, JsonValueKind.Array))
        {
            return JobProblems.Invalid($"{ServiceHeaders.InputImages} is a JSON array of the images in the input.");
        }

        var name = encodedName is null ? null : PictureName.Parse(Uri.UnescapeDataString(encodedName));
        if (encodedName is not null && name is null)
        {
            return JobProblems.Invalid($"{ServiceHeaders.PictureName} is percent-encoded, and has {PictureName.Rule}.");
        }

        if (!string.IsNullOrEmpty(owner) && !Guid.TryParseExact(owner, "D", out _))
        {
            return JobProblems.Invalid(ServiceHeaders.AuthenticatedUser + " is a user's id, a GUID with hyphens.");
        }

        if (!string.IsNullOrEmpty(party) && !(party.Length <= MaxPartyLength && party.All(char.IsAsciiLetterOrDigit)))
        {
            return JobProblems.Invalid($"{ServiceHeaders.Party} has at most {MaxPartyLength} letters and digits.");
        }

        int? maxResult = yield is null ? null : (int)Math.Min(yield.Value, options.Value.MaxResultBytes);

        // Checked before a large body is read. For a small one the check would take longer than reading it.
        if (request.ContentLength is null or > PrecheckThreshold)
        {
            var check = await store.CheckAsync(
                job, StoreKeys.QueueName(converter, recipeLength is not null), OmitIfTooLong(party), owned: !string.IsNullOrEmpty(owner),
                request.ContentLength ?? 0, maxResult);
            if (check != ScriptResult.Created && !(check == ScriptResult.Exists && claim is not null))
            {
                return Respond(check, id, attempt: null, options.Value);
            }
        }

        using var body = await bodies.ReadAsync(request, pictures.Value.MaxInputBytes + (recipeLength ?? 0));
        var recipe = recipeLength is { } length
            ? Encoding.UTF8.GetString(body.Bytes.Span[..Math.Min(length, body.Bytes.Length)])
            : null;
        var steps = 1;
        if (recipe is not null)
        {
            if (recipeLength >= body.Bytes.Length || ReadRecipe(recipe) is not { } read)
            {
                return JobProblems.Invalid("The body begins with the recipe, a JSON array of steps with parameters; the input follows.");
            }

            (parameters, steps) = read;
        }

        var (created, attempt) = await store.CreateAsync(
            new NewJob(
                job, converter, parameters!, contentType, OmitIfTooLong(owner), OmitIfTooLong(party), OmitIfTooLong(traceParent),
                OmitIfTooLong(traceState), images, maxResult, recipe, name, steps),
            body.Bytes[(recipeLength ?? 0)..],
            claim is null ? null : new Claimer(claim, converters ?? [], recipes ?? false));
        body.ReturnBuffer();
        return Respond(created, id, attempt, options.Value);
    }

    private static async Task<Results<StoredImageResult, Accepted<PendingJob>, Problem>> WaitForOutcomeAsync(
        string id, int waitMilliseconds, JobOutcomes outcomes, HttpResponse response, JobStore store, BlobStore blobs,
        DeliveredResults delivered, CancellationToken cancellationToken)
    {
        var wait = TimeSpan.FromMilliseconds(Math.Clamp(waitMilliseconds, 0, MaxWaitMilliseconds));
        var job = await outcomes.WaitAsync(JobProblems.ParseId(id), wait, cancellationToken);
        return await PublicJobsApi.RespondAsync(job, response, store, blobs, delivered);
    }

    private static Results<NoContent, Problem> NoteDeliveries(Deliveries deliveries, DeliveredResults delivered)
    {
        if (deliveries.JobIds.Count > Deliveries.MaxJobs)
        {
            return JobProblems.Invalid($"At most {Deliveries.MaxJobs} jobs are named at once.");
        }

        foreach (var id in deliveries.JobIds.Select(JobProblems.ParseId).ToList())
        {
            delivered.Add(id);
        }

        return TypedResults.NoContent();
    }

    private static Results<Created<CreatedJob>, Ok<CreatedJob>, Problem> Respond(
        ScriptResult result, string id, int? attempt, JobsOptions options)
    {
        var job = new CreatedJob(id, attempt, options.Heartbeat.TotalSeconds);
        return result switch
        {
            ScriptResult.Created => TypedResults.Created($"/api/jobs/{id}", job),
            ScriptResult.Exists => TypedResults.Ok(job),
            ScriptResult.QueueFull => JobProblems.QueueFull,
            ScriptResult.ShareFull => JobProblems.ShareFull,
            ScriptResult.StoreFull => JobProblems.StoreFull,
            _ => throw new InvalidOperationException($"{result} is no result for a new job."),
        };
    }

    /// <summary>The parameters of a recipe's first step, and how many steps there are; null where it is no recipe.</summary>
    private static (string ParametersOfFirst, int Steps)? ReadRecipe(string recipe)
    {
        try
        {
            using var document = JsonDocument.Parse(recipe);
            return document.RootElement is { ValueKind: JsonValueKind.Array } steps && steps.GetArrayLength() > 0
                && steps[0] is { ValueKind: JsonValueKind.Object } first
                && first.TryGetProperty("parameters", out var parameters) && parameters.ValueKind == JsonValueKind.Object
                    ? (parameters.GetRawText(), steps.GetArrayLength())
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsJson(string json, JsonValueKind kind)
    {
        if (json.Length > MaxJsonLength)
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == kind;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Null for a header that is longer than such a header should be.</summary>
    private static string? OmitIfTooLong(string? header) => header is { Length: > 0 and <= MaxHeaderLength } ? header : null;
}
