using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using ImageEditor.ConversionManager.Leasing;
using ImageEditor.ServiceDefaults.Configuration;
using ImageEditor.ServiceDefaults.Http;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;

namespace ImageEditor.ConversionManager.Clients;

/// <summary>Calls the job manager, and repeats calls where that helps.</summary>
/// <remarks>Each call may be repeated: by the job's id, the claim's token or the attempt's number it has its effect once.</remarks>
internal sealed class JobManagerConnection(IHttpClientFactory clients, IOptions<PictureOptions> pictures)
{
    /// <summary>The job manager's name in service discovery, and of the HTTP client.</summary>
    public const string ServiceName = "job-manager";

    /// <summary>How long a response may take after a picture has come over.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);

    private readonly TimeSpan _responseTimeout = AnswerTime + pictures.Value.TransferTime;

    private readonly ResiliencePipeline<HttpResponseMessage> _noRetry = ResiliencePipeline<HttpResponseMessage>.Empty;

    /// <summary>A job manager that dies in the middle of a call has a sibling: a client waits for that rather than for an error.</summary>
    /// <remarks>If the job manager as a whole is down, or says that it cannot answer now, the client is told within two seconds.</remarks>
    private readonly ResiliencePipeline<HttpResponseMessage> _interactiveRetry =
        Retrying(tries: 4, maxDelay: TimeSpan.FromMilliseconds(500), unless: IsUnavailable);

    /// <summary>An input is opened before the claim expires.</summary>
    private readonly ResiliencePipeline<HttpResponseMessage> _leaseRetry = Retrying(tries: 4, maxDelay: TimeSpan.FromMilliseconds(500));

    /// <summary>A result is worth waiting for: the work is done, and the lease is renewed meanwhile.</summary>
    private readonly ResiliencePipeline<HttpResponseMessage> _backgroundRetry = Retrying(tries: 30, maxDelay: TimeSpan.FromSeconds(2));

    /// <summary>Sends a request that a client waits for.</summary>
    /// <exception cref="Exception">The job manager cannot be reached now (<see cref="HttpErrors.IsTransient"/>).</exception>
    public Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> request, CancellationToken cancellationToken) =>
        SendAsync(_interactiveRetry, HttpCompletionOption.ResponseContentRead, _responseTimeout, request, cancellationToken);

    /// <summary>Waits for a job's end, for a client.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="wait">How long the job manager may wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What <c>GET /api/jobs/{id}</c> would answer, its body not read yet.</returns>
    /// <exception cref="Exception">The job manager cannot be reached now (<see cref="HttpErrors.IsTransient"/>), or is frozen.</exception>
    public Task<HttpResponseMessage> OpenOutcomeAsync(string jobId, TimeSpan wait, CancellationToken cancellationToken)
    {
        var milliseconds = Math.Ceiling(wait.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        HttpRequestMessage Create() => new(HttpMethod.Get, $"/jobs/{jobId}/outcome?waitMilliseconds={milliseconds}");
        return SendAsync(
            _noRetry, HttpCompletionOption.ResponseHeadersRead, wait + FirstByteTimeout.Quick, Create, cancellationToken);
    }

    /// <summary>Claims work, and waits for some for a while.</summary>
    /// <param name="path">The queue's path.</param>
    /// <param name="request">The body, with the claim's token.</param>
    /// <param name="wait">How long the job manager may wait, as the body says.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The claim; null when there was nothing to do.</returns>
    /// <exception cref="HttpRequestException">No job manager could answer.</exception>
    public async Task<TClaim?> ClaimAsync<TClaim>(string path, object request, TimeSpan wait, CancellationToken cancellationToken)
        where TClaim : LeaseClaim
    {
        HttpRequestMessage Create()
        {
            var message = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(request) };
            return wait > TimeSpan.Zero ? message.AsLongPoll() : message;
        }

        var timeLimit = wait + _responseTimeout;
        using var response = await SendAsync(_noRetry, HttpCompletionOption.ResponseContentRead, timeLimit, Create, cancellationToken);
        response.EnsureSuccessStatusCode();
        return response.StatusCode == HttpStatusCode.NoContent ? null : await response.Content.ReadFromJsonAsync<TClaim>(cancellationToken);
    }

    /// <summary>Opens an image of claimed work.</summary>
    /// <returns>The response, its body not read yet; null when the lease is lost.</returns>
    /// <exception cref="HttpRequestException">No job manager could answer.</exception>
    public async Task<HttpResponseMessage?> OpenAsync(string path, CancellationToken cancellationToken)
    {
        HttpRequestMessage Create() => new(HttpMethod.Get, path);
        var response = await SendAsync(_leaseRetry, HttpCompletionOption.ResponseHeadersRead, _responseTimeout, Create, cancellationToken);
        if (IsLost(response.StatusCode))
        {
            response.Dispose();
            return null;
        }

        return response.EnsureSuccessStatusCode();
    }

    /// <summary>Sends a quick request whose caller repeats it itself.</summary>
    /// <returns>The response's body.</returns>
    /// <exception cref="Exception">The job manager did not answer, or not as it should (<see cref="HttpErrors.IsTransient"/>).</exception>
    public async Task<T> SendOnceAsync<T>(
        HttpMethod method, string path, object body, TimeSpan timeLimit, CancellationToken cancellationToken)
    {
        HttpRequestMessage Create() => Quick(method, path, JsonContent.Create(body));
        using var response = await SendAsync(_noRetry, HttpCompletionOption.ResponseContentRead, timeLimit, Create, cancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<T>(cancellationToken)
            ?? throw new HttpRequestException("The job manager's answer is empty.");
    }

    /// <summary>Reports how an attempt ended, for as long as it takes.</summary>
    public Task<LeaseStatus> ReportAsync(string path, object body, CancellationToken cancellationToken) =>
        ReportAsync(_backgroundRetry, () => Quick(HttpMethod.Put, path, JsonContent.Create(body)), cancellationToken);

    /// <summary>Sends a result, for as long as it takes.</summary>
    public Task<LeaseStatus> ReportAsync(Func<HttpRequestMessage> request, CancellationToken cancellationToken) =>
        ReportAsync(_backgroundRetry, request, cancellationToken);

    /// <summary>Sends what is not worth a second try.</summary>
    public Task<LeaseStatus> PutOnceAsync(string path, HttpContent content, CancellationToken cancellationToken) =>
        ReportAsync(_noRetry, () => Quick(HttpMethod.Put, path, content), cancellationToken);

    /// <summary>An image as the body of a request.</summary>
    public static HttpContent Image(ReadOnlyMemory<byte> bytes, string contentType)
    {
        var content = new ReadOnlyMemoryContent(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return content;
    }

    private async Task<LeaseStatus> ReportAsync(
        ResiliencePipeline<HttpResponseMessage> retry, Func<HttpRequestMessage> request, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await SendAsync(
                retry, HttpCompletionOption.ResponseContentRead, _responseTimeout, request, cancellationToken);
            return response.IsSuccessStatusCode ? LeaseStatus.Accepted
                : IsLost(response.StatusCode) ? LeaseStatus.Lost
                : HttpErrors.IsFinal(response.StatusCode) ? LeaseStatus.Refused
                : LeaseStatus.Unknown;
        }
        catch (Exception exception) when (HttpErrors.IsTransient(exception, cancellationToken))
        {
            return LeaseStatus.Unknown;
        }
    }

    /// <param name="retry">When to send the request again.</param>
    /// <param name="completion">What the time limit of a try covers: the headers of the response, or all of it.</param>
    /// <param name="timeLimit">How long a try may take.</param>
    /// <param name="request">Creates the request, a new one for each try.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    private async Task<HttpResponseMessage> SendAsync(
        ResiliencePipeline<HttpResponseMessage> retry, HttpCompletionOption completion, TimeSpan timeLimit,
        Func<HttpRequestMessage> request, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(ServiceName);
        return await retry.ExecuteAsync(async token =>
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(token);
            timeout.CancelAfter(timeLimit);
            using var message = request();
            return await client.SendAsync(message, completion, timeout.Token);
        }, cancellationToken);
    }

    private static HttpRequestMessage Quick(HttpMethod method, string path, HttpContent? content) =>
        new HttpRequestMessage(method, path) { Content = content }.WithFirstByteTimeout(FirstByteTimeout.Quick);

    private static bool IsLost(HttpStatusCode status) =>
        status is HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.Gone;

    /// <summary>Whether the job manager is down, could not be connected to in two tries, or said that it cannot answer now.</summary>
    private static bool IsUnavailable(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is ServiceDownException or HttpRequestException { InnerException: TimeoutException }
        || outcome.Result is { StatusCode: HttpStatusCode.ServiceUnavailable };

    private static ResiliencePipeline<HttpResponseMessage> Retrying(
        int tries, TimeSpan maxDelay, Predicate<Outcome<HttpResponseMessage>>? unless = null) =>
        new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = tries - 1,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(50),
                MaxDelay = maxDelay,
                UseJitter = true,
                ShouldHandle = arguments => ValueTask.FromResult(
                    unless?.Invoke(arguments.Outcome) != true
                    && (arguments.Outcome.Exception is { } exception
                        ? HttpErrors.IsTransient(exception, arguments.Context.CancellationToken)
                        : arguments.Outcome.Result?.StatusCode >= HttpStatusCode.InternalServerError)),
            })
            .Build();
}
