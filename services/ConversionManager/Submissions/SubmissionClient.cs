using System.Diagnostics;
using System.Globalization;
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
    /// <param name="claimToken">Where this process has a free slot: claims the job, if none waits that would come first.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The lease on the job; null when it waits in its queue, or was there before.</returns>
    /// <exception cref="ProblemException">The job manager refused it, or is unavailable.</exception>
    public async Task<AttemptClaim?> CreateAsync(
        string id, string? owner, string? party, Submission submission, string? claimToken, CancellationToken cancellationToken)
    {
        var query = QueryString.Create([
            KeyValuePair.Create<string, string?>("id", id),
            KeyValuePair.Create<string, string?>("converter", submission.Converter.Name),
            KeyValuePair.Create<string, string?>("parameters", submission.Parameters.ToJsonString())]);
        if (submission.Yield is { } yield)
        {
            query = query.Add("yield", yield.ToString(CultureInfo.InvariantCulture));
        }

        if (claimToken is not null)
        {
            query = query.Add("claim", claimToken);
        }

        try
        {
            using var response = await jobManager.SendAsync(() =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, "/jobs" + query)
                {
                    Content = JobManagerConnection.Image(submission.Input.Body, submission.Input.ContentType),
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
        Parameters = JsonSerializer.SerializeToElement(submission.Parameters),
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

    /// <summary>The job manager's answer.</summary>
    private sealed record StoredJob(int? Attempt, double HeartbeatSeconds);
}
