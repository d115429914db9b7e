using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using ImageEditor.ConversionManager.Conversions;
using ImageEditor.ConversionManager.Saves;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Http;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Mvc;
using Polly;
using Polly.Retry;

namespace ImageEditor.ConversionManager.Jobs;

/// <summary>Calls the job manager. Each of these calls may be repeated: the job's id, the claim's token or the attempt make it one.</summary>
internal sealed class JobManagerClient(IHttpClientFactory clients)
{
    /// <summary>The job manager's name in service discovery, and of the HTTP client.</summary>
    public const string ServiceName = "job-manager";

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>A job manager that dies in the middle of a call has a sibling: a client waits for that rather than for an error.</summary>
    /// <remarks>But one that is away as a whole, or says itself that it cannot now, is told of at once: whoever waits has two seconds.</remarks>
    private readonly ResiliencePipeline<HttpResponseMessage> _whileClientWaits = Retrying(tries: 4, longest: TimeSpan.FromMilliseconds(500), IsAway);

    /// <summary>A lease is renewed, and an input opened, before the time for it is over.</summary>
    private readonly ResiliencePipeline<HttpResponseMessage> _whileLeased = Retrying(tries: 4, longest: TimeSpan.FromMilliseconds(500));

    /// <summary>A result is worth waiting for: the work is done, and the lease goes on meanwhile.</summary>
    private readonly ResiliencePipeline<HttpResponseMessage> _untilTaken = Retrying(tries: 30, longest: TimeSpan.FromSeconds(2));

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
            using var response = await SendAsync(_whileClientWaits, AnswerWithin, HttpCompletionOption.ResponseContentRead, () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, "/jobs" + query) { Content = Body(submission.Input, submission.ContentType) };
                if (!string.IsNullOrEmpty(owner))
                {
                    request.Headers.Add(ServiceHeaders.AuthenticatedUser, owner);
                }

                return request;
            }, cancellationToken);
            return response.IsSuccessStatusCode ? null : await ReadProblemAsync(response, cancellationToken);
        }
        catch (Exception exception) when (IsTransient(exception, cancellationToken))
        {
            return ProblemTypes.Unavailable.Create("New conversions cannot be taken at the moment; what was accepted before is safe. Try again shortly.", RetryAfter);
        }
    }

    /// <summary>Asks for a job to run, and waits for one for a while.</summary>
    /// <param name="token">Chosen anew for each job wanted; while a claim is held, its token gets the same claim again.</param>
    /// <param name="converter">The converter that has a free slot.</param>
    /// <param name="wait">How long to wait; zero asks without waiting.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The claim; null when there was nothing to do.</returns>
    /// <exception cref="HttpRequestException">No job manager could answer.</exception>
    public Task<Claim?> ClaimAsync(string token, string converter, TimeSpan wait, CancellationToken cancellationToken) =>
        ClaimAsync<Claim>("/claims", new { token, converter, waitSeconds = wait.TotalSeconds }, wait, cancellationToken);

    /// <summary>Asks for a save to run, and waits for one for a while.</summary>
    /// <param name="token">Chosen anew for each save wanted; while a claim is held, its token gets the same claim again.</param>
    /// <param name="wait">How long to wait; zero asks without waiting.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The claim; null when there was nothing to do.</returns>
    /// <exception cref="HttpRequestException">No job manager could answer.</exception>
    public Task<SaveClaim?> ClaimSaveAsync(string token, TimeSpan wait, CancellationToken cancellationToken) =>
        ClaimAsync<SaveClaim>("/saves/claims", new { token, waitSeconds = wait.TotalSeconds }, wait, cancellationToken);

    /// <summary>Opens a claimed job's input.</summary>
    /// <returns>The answer, its body not read yet; null when the lease is lost.</returns>
    /// <exception cref="HttpRequestException">No job manager could answer.</exception>
    public Task<HttpResponseMessage?> OpenInputAsync(Claim claim, CancellationToken cancellationToken) => OpenAsync(Path(claim, "/input"), cancellationToken);

    /// <summary>Opens an image of a claimed save.</summary>
    /// <param name="claim">What is being saved.</param>
    /// <param name="image"><c>original</c> or <c>result</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The answer, its body not read yet; null when the lease is lost.</returns>
    /// <exception cref="HttpRequestException">No job manager could answer.</exception>
    public Task<HttpResponseMessage?> OpenSavedImageAsync(SaveClaim claim, string image, CancellationToken cancellationToken) =>
        OpenAsync(Path(claim, "/" + image), cancellationToken);

    /// <summary>Renews the lease and reports progress.</summary>
    /// <param name="claim">What is being worked on.</param>
    /// <param name="progress">From 0 to 1; null when not known.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<LeaseStatus> RenewAsync(Claim claim, double? progress, CancellationToken cancellationToken) =>
        ReportAsync(_whileLeased, () => Quick(HttpMethod.Patch, Path(claim), JsonContent.Create(new { progress })), cancellationToken);

    /// <summary>Shows what the result looks like so far; not worth a second try.</summary>
    public Task<LeaseStatus> ShowAsync(Claim claim, ReadOnlyMemory<byte> preview, string contentType, CancellationToken cancellationToken) => ReportAsync(
        ResiliencePipeline<HttpResponseMessage>.Empty, () => Quick(HttpMethod.Put, Path(claim, "/preview"), Body(preview, contentType)), cancellationToken);

    /// <summary>Renews the lease on a save.</summary>
    public Task<LeaseStatus> RenewSaveAsync(SaveClaim claim, CancellationToken cancellationToken) =>
        ReportAsync(_whileLeased, () => Quick(HttpMethod.Patch, Path(claim), content: null), cancellationToken);

    /// <summary>Reports what an attempt at saving came to.</summary>
    public Task<LeaseStatus> EndSaveAsync(SaveClaim claim, SaveReport report, CancellationToken cancellationToken) =>
        ReportAsync(_untilTaken, () => Quick(HttpMethod.Put, Path(claim, "/outcome"), JsonContent.Create(report)), cancellationToken);

    /// <summary>Hands in the result.</summary>
    public Task<LeaseStatus> CompleteAsync(Claim claim, ConvertedImage image, CancellationToken cancellationToken) =>
        ReportAsync(_untilTaken, () =>
        {
            var request = new HttpRequestMessage(HttpMethod.Put, Path(claim, "/result")) { Content = Body(image.Bytes, image.ContentType) };
            if (image.ResultInfo is { } info)
            {
                request.Headers.TryAddWithoutValidation(ServiceHeaders.ResultInfo, info);
            }

            return request;
        }, cancellationToken);

    /// <summary>Reports that the attempt came to nothing.</summary>
    public Task<LeaseStatus> FailAsync(Claim claim, JobFailure failure, CancellationToken cancellationToken) =>
        ReportAsync(_untilTaken, () => Quick(HttpMethod.Put, Path(claim, "/failure"), JsonContent.Create(failure)), cancellationToken);

    private async Task<T?> ClaimAsync<T>(string path, object request, TimeSpan wait, CancellationToken cancellationToken)
        where T : class
    {
        using var response = await SendAsync(
            ResiliencePipeline<HttpResponseMessage>.Empty, wait + AnswerWithin, HttpCompletionOption.ResponseContentRead,
            () => new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(request) }, cancellationToken);
        response.EnsureSuccessStatusCode();
        return response.StatusCode == HttpStatusCode.NoContent ? null : await response.Content.ReadFromJsonAsync<T>(cancellationToken);
    }

    private async Task<HttpResponseMessage?> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var response = await SendAsync(_whileLeased, AnswerWithin, HttpCompletionOption.ResponseHeadersRead, () => new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);
        if (IsLost(response.StatusCode))
        {
            response.Dispose();
            return null;
        }

        return response.EnsureSuccessStatusCode();
    }

    private async Task<LeaseStatus> ReportAsync(ResiliencePipeline<HttpResponseMessage> pipeline, Func<HttpRequestMessage> request, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await SendAsync(pipeline, AnswerWithin, HttpCompletionOption.ResponseContentRead, request, cancellationToken);
            return response.IsSuccessStatusCode ? LeaseStatus.Held
                : IsLost(response.StatusCode) ? LeaseStatus.Lost
                : IsRefused(response.StatusCode) ? LeaseStatus.Refused
                : LeaseStatus.Unknown;
        }
        catch (Exception exception) when (IsTransient(exception, cancellationToken))
        {
            return LeaseStatus.Unknown;
        }
    }

    /// <remarks>The time goes to the end of what is waited for: with <see cref="HttpCompletionOption.ResponseContentRead"/>, to the last byte of the answer.</remarks>
    private async Task<HttpResponseMessage> SendAsync(
        ResiliencePipeline<HttpResponseMessage> pipeline, TimeSpan answerWithin, HttpCompletionOption completion, Func<HttpRequestMessage> request, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(ServiceName);
        return await pipeline.ExecuteAsync(async token =>
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(token);
            timeout.CancelAfter(answerWithin);
            using var message = request();
            return await client.SendAsync(message, completion, timeout.Token);
        }, cancellationToken);
    }

    private static HttpRequestMessage Quick(HttpMethod method, string path, HttpContent? content) =>
        new HttpRequestMessage(method, path) { Content = content }.WithFirstByteTimeout(FirstByteTimeout.Quick);

    private static string Path(Claim claim, string rest = "") => $"/jobs/{claim.JobId}{rest}?attempt={claim.Attempt}";

    private static string Path(SaveClaim claim, string rest = "") => $"/saves/{claim.JobId}{rest}?attempt={claim.Attempt}";

    private static ReadOnlyMemoryContent Body(ReadOnlyMemory<byte> bytes, string contentType)
    {
        var content = new ReadOnlyMemoryContent(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return content;
    }

    private static bool IsLost(HttpStatusCode status) => status is HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.Gone;

    private static bool IsRefused(HttpStatusCode status) =>
        (int)status is >= 400 and < 500 && status is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests);

    private static bool IsTransient(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>Whether the job manager is down, out of reach of two tries to connect, or said that it cannot now.</summary>
    private static bool IsAway(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is ServiceDownException or HttpRequestException { InnerException: TimeoutException }
        || outcome.Result is { StatusCode: HttpStatusCode.ServiceUnavailable };

    private static ResiliencePipeline<HttpResponseMessage> Retrying(int tries, TimeSpan longest, Predicate<Outcome<HttpResponseMessage>>? butNot = null) =>
        new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = tries - 1,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(50),
                MaxDelay = longest,
                UseJitter = true,
                ShouldHandle = arguments => ValueTask.FromResult(
                    butNot?.Invoke(arguments.Outcome) != true
                    && (arguments.Outcome.Exception is { } exception
                        ? IsTransient(exception, arguments.Context.CancellationToken)
                        : arguments.Outcome.Result?.StatusCode >= HttpStatusCode.InternalServerError)),
            })
            .Build();

    private static async Task<Problem> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType == MediaTypeNames.Application.ProblemJson
            && await response.Content.ReadFromJsonAsync<ProblemDetails>(cancellationToken) is { } details)
        {
            return new Problem(details, response.Headers.RetryAfter?.Delta);
        }

        return ProblemTypes.Unavailable.Create($"New conversions cannot be taken at the moment (the job manager answered {(int)response.StatusCode}). Try again shortly.", RetryAfter);
    }
}
