using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ImageEditor.ConversionManager.Attempts;
using ImageEditor.ConversionManager.Clients;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>Stores submissions as jobs, in the job manager.</summary>
internal sealed class SubmissionClient(JobManagerConnection jobManager)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>Stores a job; once this completes, it is never lost.</summary>
    /// <param name="id">The job's id.</param>
    /// <param name="owner">Who is signed in, if anybody.</param>
    /// <param name="party">Who shares queues with others.</param>
    /// <param name="submission">What is asked for.</param>
    /// <param name="claim">Where this process has a free slot: claims the job, if none waits that would come first.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The lease on the job; null when it waits in its queue, or was there before.</returns>
    /// <exception cref="ProblemException">The job manager refused it, or is unavailable.</exception>
    public async Task<AttemptClaim?> CreateAsync(
        string id, string? owner, string? party, Submission submission, SubmissionClaim? claim, CancellationToken cancellationToken)
    {
        var query = QueryString.Create([
            KeyValuePair.Create<string, string?>("id", id),
            KeyValuePair.Create<string, string?>("converter", submission.Converter.Name)]);
        byte[] steps = submission.IsRecipe
            ? JsonSerializer.SerializeToUtf8Bytes(submission.Steps.Select(step => step.ToRecipeStep()), JsonSerializerOptions.Web)
            : [];

        // A recipe is long: it goes before the input.
        query = submission.IsRecipe
            ? query.Add("recipeLength", steps.Length.ToString(CultureInfo.InvariantCulture))
            : query.Add("parameters", submission.Steps[0].Parameters.ToJsonString());
        if (submission.Yield is { } yield)
        {
            query = query.Add("yield", yield.ToString(CultureInfo.InvariantCulture));
        }

        if (claim is not null)
        {
            query = query.Add("claim", claim.Token).Add("program", string.Join(',', claim.Converters)).Add("recipes", claim.Recipes ? "true" : "false");
        }

        try
        {
            using var response = await jobManager.SendAsync(() =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, "/jobs" + query)
                {
                    Content = new RecipeAndInput(steps, submission.Input),
                };
                request.Headers.Add(
                    ServiceHeaders.InputImages, JsonSerializer.Serialize(submission.Input.Images, JsonSerializerOptions.Web));
                if (!string.IsNullOrEmpty(owner))
                {
                    request.Headers.Add(ServiceHeaders.AuthenticatedUser, owner);
                }

                if (!string.IsNullOrEmpty(party))
                {
                    request.Headers.Add(ServiceHeaders.Party, party);
                }

                if (submission.Name is { } name)
                {
                    request.Headers.Add(ServiceHeaders.PictureName, Uri.EscapeDataString(name));
                }

                return request;
            }, cancellationToken);
            if (submission.IsRecipe && response.StatusCode == HttpStatusCode.BadRequest)
            {
                // One of the release before, which asks for parameters: it is replaced soon, or a sibling has been already.
                throw ProblemTypes.Unavailable.Refuse("Recipes cannot be taken at this moment; try again shortly.", RetryAfter);
            }

            if (!response.IsSuccessStatusCode)
            {
                throw await ReadProblemAsync(response, cancellationToken);
            }

            return await response.Content.ReadFromJsonAsync<StoredJob>(cancellationToken) is { Attempt: { } attempt } stored
                ? Claim(id, submission, attempt, stored.HeartbeatSeconds)
                : null;
        }
        catch (Exception exception) when (HttpErrors.IsTransient(exception, cancellationToken))
        {
            throw ProblemTypes.Unavailable.Refuse(
                "New conversions cannot be taken at the moment; what was accepted before is safe. Try again shortly.", RetryAfter);
        }
    }

    /// <summary>The lease as a claim would have had it.</summary>
    private static AttemptClaim Claim(string id, Submission submission, int attempt, double heartbeatSeconds) => new()
    {
        JobId = id,
        Attempt = attempt,
        Converter = submission.Converter.Name,
        Parameters = JsonSerializer.SerializeToElement(submission.Steps[0].Parameters),
        Recipe = submission.IsRecipe ? [.. submission.Steps.Select(step => step.ToRecipeStep())] : null,
        Images = submission.Input.Images,
        ContentType = submission.Input.ContentType,
        Length = submission.Input.Body.Length,
        TraceParent = Activity.Current?.Id,
        TraceState = Activity.Current?.TraceStateString,
        HeartbeatSeconds = heartbeatSeconds,
    };

    private static async Task<ProblemException> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        await ProblemReader.ReadAsync(response, cancellationToken) is { } details
            ? new ProblemException(new Problem(details, response.Headers.RetryAfter?.Delta))
            : ProblemTypes.Unavailable.Refuse(
                $"New conversions cannot be taken at the moment (the job manager answered {(int)response.StatusCode}). Try again shortly.",
                RetryAfter);

    /// <summary>The recipe, if the job has one, and then the input.</summary>
    private sealed class RecipeAndInput : HttpContent
    {
        private readonly byte[] _recipe;
        private readonly ReadOnlyMemory<byte> _input;

        public RecipeAndInput(byte[] recipe, JobInput input)
        {
            (_recipe, _input) = (recipe, input.Body);
            Headers.ContentType = MediaTypeHeaderValue.Parse(input.ContentType);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(_recipe, cancellationToken);
            await stream.WriteAsync(_input, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = (long)_recipe.Length + _input.Length;
            return true;
        }
    }

    /// <summary>The job manager's answer.</summary>
    private sealed record StoredJob(int? Attempt, double HeartbeatSeconds);
}
