using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ImageEditor.Testing.Systems;

/// <summary>Uses the system as a client does: hands in, follows, fetches; repeats what failed where that is safe.</summary>
public sealed class ImageEditorClient(HttpClient http) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan TakenWithin = TimeSpan.FromSeconds(30);

    public HttpClient Http => http;

    /// <summary>Hands in a picture once.</summary>
    /// <param name="query">Converter and parameters, as in <c>converter=contrast&amp;amount=40</c>.</param>
    /// <param name="picture">The body.</param>
    /// <param name="idempotencyKey">Makes the call repeatable.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<Answer> TrySubmitAsync(
        string query, byte[] picture, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        SubmitAndWaitAsync(query, picture, prefer: null, idempotencyKey, cancellationToken);

    /// <summary>Hands in a picture once, and waits for its result.</summary>
    /// <param name="query">Converter and parameters.</param>
    /// <param name="picture">The body.</param>
    /// <param name="prefer">The header <c>Prefer</c>, as in <c>wait=30</c>; null for none.</param>
    /// <param name="idempotencyKey">Makes the call repeatable.</param>
    /// <param name="cancellationToken">Hangs up.</param>
    public async Task<Answer> SubmitAndWaitAsync(
        string query, byte[] picture, string? prefer, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/conversions?" + query)
        {
            Content = new ByteArrayContent(picture),
        };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        if (prefer is not null)
        {
            request.Headers.TryAddWithoutValidation("Prefer", prefer);
        }

        return await Answer.ReadAsync(await http.SendAsync(request, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Hands in a picture that must be accepted. 503 is followed as clients are told to: they try again, with the same key.
    /// </summary>
    /// <returns>The job's id.</returns>
    public async Task<string> SubmitAsync(string query, byte[] picture, CancellationToken cancellationToken = default)
    {
        var key = Guid.NewGuid().ToString();
        Answer? answer = null;
        await Until.TrueAsync("the picture is taken", TakenWithin, async () =>
        {
            answer = await TrySubmitAsync(query, picture, key, cancellationToken);
            return answer.Status != HttpStatusCode.ServiceUnavailable;
        }, cancellationToken);
        return JobIdOf(answer!);
    }

    /// <summary>Hands in a picture, with an <c>Idempotency-Key</c>, until it is accepted.</summary>
    /// <returns>The job's id.</returns>
    public async Task<string> SubmitUntilAcceptedAsync(
        string query, byte[] picture, string idempotencyKey, CancellationToken cancellationToken)
    {
        while (true)
        {
            var answer = await RetryConnectionAsync(
                () => TrySubmitAsync(query, picture, idempotencyKey, cancellationToken), cancellationToken);
            if (answer.Status is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests
                or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout))
            {
                return JobIdOf(answer);
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>What <c>GET /api/jobs/{id}</c> answers now.</summary>
    public async Task<Answer> GetJobAsync(string id, CancellationToken cancellationToken = default) =>
        await Answer.ReadAsync(await http.GetAsync(new Uri($"/api/jobs/{id}", UriKind.Relative), cancellationToken), cancellationToken);

    /// <summary>The state of a job that has not ended.</summary>
    public async Task<JsonElement> GetStateAsync(string id, CancellationToken cancellationToken = default) =>
        await http.GetFromJsonAsync<JsonElement>($"/api/jobs/{id}", cancellationToken);

    /// <summary>Polls a job until it has ended, whatever happens to connections meanwhile.</summary>
    public async Task<Answer> WaitForEndAsync(string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            var answer = await RetryConnectionAsync(() => GetJobAsync(id, cancellationToken), cancellationToken);
            if (answer.Status is not (HttpStatusCode.Accepted or HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests))
            {
                return answer;
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>The first thing that an event stream tells of a job.</summary>
    public async Task<JobEvent> FirstEventAsync(string id, CancellationToken cancellationToken = default) =>
        await EventsAsync(id, cancellationToken).FirstAsync(cancellationToken);

    /// <summary>All that an event stream tells of a job.</summary>
    public async IAsyncEnumerable<JobEvent> EventsAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var response = await http.GetAsync(
            new Uri($"/api/jobs/events?id={id}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            yield return JsonSerializer.Deserialize<JobEvent>(item.Data, JsonSerializerOptions.Web)!;
        }
    }

    /// <summary>Waits until a converter works on the job.</summary>
    public Task WaitUntilRunningAsync(string id, CancellationToken cancellationToken) =>
        Until.TrueAsync(
            "the job runs",
            TimeSpan.FromSeconds(30),
            async () => StateOf(await GetJobAsync(id, cancellationToken)) == "running",
            cancellationToken);

    /// <summary>Cancels a job, or drops its result.</summary>
    public async Task<HttpStatusCode> DeleteAsync(string id, CancellationToken cancellationToken = default)
    {
        using var response = await http.DeleteAsync(new Uri($"/api/jobs/{id}", UriKind.Relative), cancellationToken);
        return response.StatusCode;
    }

    public void Dispose() => http.Dispose();

    private static string? StateOf(Answer answer) =>
        answer.Status == HttpStatusCode.Accepted ? JsonDocument.Parse(answer.Body).RootElement.GetProperty("state").GetString() : null;

    private static string JobIdOf(Answer answer) => answer.Status == HttpStatusCode.Accepted
        ? JsonDocument.Parse(answer.Body).RootElement.GetProperty("jobId").GetString()!
        : throw new InvalidOperationException($"Not accepted: {(int)answer.Status} {System.Text.Encoding.UTF8.GetString(answer.Body)}");

    private static async Task<Answer> RetryConnectionAsync(Func<Task<Answer>> call, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception exception)
                when (exception is HttpRequestException or IOException && !cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }
}

/// <summary>What an event stream tells of a job.</summary>
/// <param name="State">Its state.</param>
/// <param name="Progress">From 0 to 1, when known.</param>
/// <param name="Preview">Where its preview is, if there is one.</param>
/// <param name="Saved">Whether it is in its owner's gallery; null when it has no owner.</param>
public sealed record JobEvent(string State, double? Progress, string? Preview, bool? Saved);
