using ImageEditor.ConversionManager.Clients;
using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.Net.Http.Headers;

namespace ImageEditor.ConversionManager.Waiting;

/// <summary>Responds with what the job manager answers about a job that has ended: its image, or a problem.</summary>
/// <param name="jobId">The job.</param>
/// <param name="outcome">The job manager's response, its body not read yet.</param>
internal sealed partial class OutcomeResult(string jobId, HttpResponseMessage outcome) : IResult
{
    private static readonly string[] PassedOn =
    [
        HeaderNames.CacheControl, HeaderNames.XContentTypeOptions, HeaderNames.ContentSecurityPolicy, HeaderNames.RetryAfter,
        ServiceHeaders.ResultInfo,
    ];

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using (outcome)
        {
            var response = httpContext.Response;
            response.StatusCode = (int)outcome.StatusCode;
            response.ContentType = outcome.Content.Headers.ContentType?.ToString();
            response.ContentLength = outcome.Content.Headers.ContentLength;
            if (outcome.Content.Headers.NonValidated.TryGetValues(HeaderNames.ContentDisposition, out var fileName))
            {
                response.Headers.ContentDisposition = fileName.ToString();
            }

            foreach (var name in PassedOn)
            {
                if (outcome.Headers.NonValidated.TryGetValues(name, out var values))
                {
                    response.Headers[name] = values.ToArray();
                }
            }

            try
            {
                await outcome.Content.CopyToAsync(response.Body, httpContext.RequestAborted);
            }
            catch (Exception exception) when (HttpErrors.IsTransient(exception, httpContext.RequestAborted))
            {
                // The client sees that the image is cut off, and asks again: the job stays.
                var logger = httpContext.RequestServices.GetRequiredService<ILogger<OutcomeResult>>();
                Log.BrokeOff(logger, JobId.Shorten(jobId), exception.Message);
                httpContext.Abort();
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning, "The result of job {JobId} broke off on its way to a client: {Reason}", EventName = "ResultBrokeOff")]
        public static partial void BrokeOff(ILogger logger, string jobId, string reason);
    }
}
