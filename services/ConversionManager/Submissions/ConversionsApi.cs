using ImageEditor.ConversionManager.Attempts;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.Waiting;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageEditor.ConversionManager.Submissions;

internal static class ConversionsApi
{
    private const int MaxIdempotencyKeyLength = 200;
    private static readonly TimeSpan PollDelay = TimeSpan.FromSeconds(1);

    public static RouteGroupBuilder MapConversions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/conversions").WithTags("Conversions");
        group.MapPost("/", Submit)
            .WithName("SubmitConversion")
            .WithSummary("Submit an image to be converted")
            .WithDescription(
                "The body is the image, or `multipart/form-data` with a part `image` and a part for each parameter that is an image. "
                + "`converter` and the converter's parameters go in the query string; or `recipe`, a list of steps with theirs, "
                + "in the query string or, where it is long, as a part `recipe` of the form. Once 202 is answered, the job is never lost. "
                + "`state` is `running` where this request started it at once, else `queued`. "
                + "Downloads are named after `name`, or else the name of the form's file. "
                + "With an `Idempotency-Key`, repeating the request gives the same job. "
                + "With `Prefer: wait=N`, the answer is what `GET /api/jobs/{id}` answers once the job has ended, "
                + "or 202 after N seconds, and its `Location` is the job's. Hanging up does not cancel the job.")
            .AddOpenApiOperationTransformer(SubmissionOpenApi.DescribeAsync)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status500InternalServerError)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .ProducesProblem(StatusCodes.Status504GatewayTimeout);
        return group;
    }

    private static async Task<Results<Accepted<AcceptedConversion>, HeldResult, OutcomeResult, Problem>> Submit(
        HttpRequest request,
        SubmissionReader reader,
        UploadMemoryBudget budget,
        JobIdFactory ids,
        SubmissionClient jobs,
        ConverterCatalog catalog,
        ConversionSlots slots,
        RecipePlaces recipes,
        ResultWaiter waiter,
        CancellationToken cancellationToken)
    {
        string? idempotencyKey = request.Headers[ServiceHeaders.IdempotencyKey];
        if (idempotencyKey is { Length: 0 or > MaxIdempotencyKeyLength })
        {
            return ProblemTypes.InvalidParameters.Create(
                $"The header {ServiceHeaders.IdempotencyKey} must have 1 to {MaxIdempotencyKeyLength} characters.");
        }

        var waits = WaitPreference.Read(request.Headers[ServiceHeaders.Prefer]);
        var storedResult = waits is null
            ? null : new TaskCompletionSource<ConvertedImage?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var (accepted, runsHere, name, change) = await StoreAsync(
            request, idempotencyKey, reader, budget, ids, jobs, catalog, slots, recipes, storedResult, cancellationToken);
        var response = request.HttpContext.Response;
        var location = $"/api/jobs/{accepted.JobId}";
        if (waits is { } preference)
        {
            var wait = await waiter.WaitAsync(accepted.JobId, runsHere ? storedResult?.Task : null, preference, cancellationToken);
            if (wait.IsApplied)
            {
                response.Headers[ServiceHeaders.PreferenceApplied] = preference.Applied;
            }

            if (wait is not { Held: null, Outcome: null })
            {
                response.Headers.Location = location;
            }

            if (wait.Held is { } held)
            {
                held.FileName = name is null ? null : PictureName.OfResult(name, change, held.MediaType);
                return held;
            }

            if (wait.Outcome is { } outcome)
            {
                return outcome;
            }
        }

        response.Headers.RetryAfter = PollDelay.TotalSeconds.ToString("0", null);
        return TypedResults.Accepted(location, accepted);
    }

    /// <summary>
    /// Reads a submission and stores it as a job. Its bytes, and the room they take, are given up when this returns, or when they were sent
    /// to the converter, where the job is run here and now.
    /// </summary>
    /// <returns>
    /// The job, whether this process runs it and completes <paramref name="storedResult"/>, what the picture is called, if anything, and
    /// what is done with it.
    /// </returns>
    private static async Task<(AcceptedConversion Job, bool RunsHere, string? Name, string Change)> StoreAsync(
        HttpRequest request,
        string? idempotencyKey,
        SubmissionReader reader,
        UploadMemoryBudget budget,
        JobIdFactory ids,
        SubmissionClient jobs,
        ConverterCatalog catalog,
        ConversionSlots slots,
        RecipePlaces recipes,
        TaskCompletionSource<ConvertedImage?>? storedResult,
        CancellationToken cancellationToken)
    {
        var memory = budget.Reserve();
        var isHandedOn = false;
        try
        {
            var submission = await reader.ReadAsync(request, memory, cancellationToken);
            string? owner = request.Headers[ServiceHeaders.AuthenticatedUser];
            var id = idempotencyKey is null ? JobIdFactory.CreateRandom() : ids.CreateDeterministic(owner, idempotencyKey, submission);
            using var slot = submission.IsRecipe && !recipes.IsAnyFree ? null : slots.TryTake(submission.Converter);
            var claimable = catalog.ProgramOf(submission.Converter).Claimable;
            var wanted = slot is null ? null : new SubmissionClaim(
                Guid.NewGuid().ToString("N"), claimable.Count > 0 ? claimable : [submission.Converter.Name], recipes.IsAnyFree);

            // A client that hangs up while its job is being claimed would leave a lease without a holder.
            var claim = await jobs.CreateAsync(
                id, owner, request.Headers[ServiceHeaders.Party], submission, wanted,
                slot is null ? cancellationToken : CancellationToken.None);
            if (claim is not null)
            {
                isHandedOn = true;
                slot!.Give(claim with { Input = new HeldInput(submission.Input.Body, memory), StoredResult = storedResult });
            }

            var job = new AcceptedConversion(id, submission.Converter.Name, isHandedOn ? "running" : "queued");
            return (job, RunsHere: isHandedOn, submission.Name, submission.Change);
        }
        finally
        {
            if (!isHandedOn)
            {
                memory.Dispose();
            }
        }
    }

    /// <summary>What the client gets for an accepted conversion.</summary>
    /// <param name="JobId">Whoever has it may use the job; it cannot be guessed.</param>
    /// <param name="Converter">The converter asked for.</param>
    /// <param name="State"><c>running</c> where this submission started it at once, else <c>queued</c>, also where it was there before;
    /// the <c>Location</c> answers what became of it.</param>
    internal sealed record AcceptedConversion(string JobId, string Converter, string State);
}
