using System.Net.Mime;
using ImageEditor.ConversionManager.Clients;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Mvc;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>Stores submissions as jobs, in the job manager.</summary>
internal sealed class SubmissionClient(JobManagerConnection jobManager)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>Stores a job.</summary>
    /// <returns>Null once it is stored; else why it was not.</returns>
    public async Task<Problem?> CreateAsync(string id, string? owner, Submission submission, CancellationToken cancellationToken)
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
                    Content = JobManagerConnection.Image(submission.Input, submission.ContentType),
                };
                if (!string.IsNullOrEmpty(owner))
                {
                    request.Headers.Add(ServiceHeaders.AuthenticatedUser, owner);
                }

                return request;
            }, cancellationToken);
            return response.IsSuccessStatusCode ? null : await ReadProblemAsync(response, cancellationToken);
        }
        catch (Exception exception) when (JobManagerConnection.IsTransient(exception, cancellationToken))
        {
            return ProblemTypes.Unavailable.Create(
                "New conversions cannot be taken at the moment; what was accepted before is safe. Try again shortly.", RetryAfter);
        }
    }

    private static async Task<Problem> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType == MediaTypeNames.Application.ProblemJson
            && await response.Content.ReadFromJsonAsync<ProblemDetails>(cancellationToken) is { } details)
        {
            return new Problem(details, response.Headers.RetryAfter?.Delta);
        }

        return ProblemTypes.Unavailable.Create(
            $"New conversions cannot be taken at the moment (the job manager answered {(int)response.StatusCode}). Try again shortly.", RetryAfter);
    }
}
