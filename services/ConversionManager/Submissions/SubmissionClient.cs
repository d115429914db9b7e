using System.Text.Json;
using ImageEditor.ConversionManager.Clients;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>Stores submissions as jobs, in the job manager.</summary>
internal sealed class SubmissionClient(JobManagerConnection jobManager)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>Stores a job; once this completes, it is never lost.</summary>
    /// <exception cref="ProblemException">The job manager refused it, or is unavailable.</exception>
    public async Task CreateAsync(string id, string? owner, string? party, Submission submission, CancellationToken cancellationToken)
    {
        var query = QueryString.Create([
            KeyValuePair.Create<string, string?>("id", id),
            KeyValuePair.Create<string, string?>("converter", submission.Converter.Name),
            KeyValuePair.Create<string, string?>("parameters", submission.Parameters.ToJsonString())]);
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

                return request;
            }, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw await ReadProblemAsync(response, cancellationToken);
            }
        }
        catch (Exception exception) when (HttpErrors.IsTransient(exception, cancellationToken))
        {
            throw ProblemTypes.Unavailable.Refuse(
                "New conversions cannot be taken at the moment; what was accepted before is safe. Try again shortly.", RetryAfter);
        }
    }

    private static async Task<ProblemException> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        await ProblemReader.ReadAsync(response, cancellationToken) is { } details
            ? new ProblemException(new Problem(details, response.Headers.RetryAfter?.Delta))
            : ProblemTypes.Unavailable.Refuse(
                $"New conversions cannot be taken at the moment (the job manager answered {(int)response.StatusCode}). Try again shortly.",
                RetryAfter);
}
