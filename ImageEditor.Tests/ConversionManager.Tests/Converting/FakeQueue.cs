using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ImageEditor.ConversionManager.Tests.Converting;

/// <summary>A job manager on a loopback port with queues in memory. What returns to a queue is claimed again at once.</summary>
internal sealed class FakeQueue : IAsyncDisposable
{
    private static readonly byte[] Input = Pictures.Png(64, 48);

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Channel<string>> _waiting = new();
    private readonly ConcurrentDictionary<string, Job> _jobs = new();
    private readonly ConcurrentDictionary<string, JsonObject> _descriptors = new();
    private readonly Dictionary<string, object> _claims = [];
    private readonly Dictionary<string, object> _requests = [];

    private FakeQueue(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    /// <summary>The jobs that are done.</summary>
    public int Done => _jobs.Values.Count(job => job.IsDone);

    /// <summary>How attempts ended without a result, in order: kinds of failures.</summary>
    public ConcurrentQueue<string> Failures { get; } = [];

    /// <summary>Failures that put the job back into its queue, and how long until it may be claimed again, in seconds.</summary>
    public ConcurrentQueue<double?> Pauses { get; } = [];

    /// <summary>Jobs whose lease is lost: renewals say so.</summary>
    public ConcurrentDictionary<string, bool> Lost { get; } = new();

    /// <summary>Jobs whose input is gone after its first reading: cancelled, and the renewal does not know yet.</summary>
    public ConcurrentDictionary<string, bool> Gone { get; } = new();

    /// <summary>The descriptors that were handed in.</summary>
    public ICollection<string> Descriptors => _descriptors.Keys;

    /// <summary>Converters whose descriptors are refused, and how often each was.</summary>
    public ConcurrentDictionary<string, int> RefusedDescriptors { get; } = new();

    public static async Task<FakeQueue> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var fake = new FakeQueue(builder.Build());
        fake.Map();
        await fake._app.StartAsync();
        return fake;
    }

    /// <summary>Puts a job into a converter's queue.</summary>
    /// <returns>Its id.</returns>
    public string Add(string converter)
    {
        var id = $"p0-{Guid.NewGuid():N}";
        _jobs[id] = new Job(converter);
        Enqueue(id);
        return id;
    }

    /// <summary>How often a job was claimed.</summary>
    public int Attempts(string id) => _jobs[id].Attempts;

    public bool IsDone(string id) => _jobs[id].IsDone;

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static Channel<string> NewChannel(string converter) => Channel.CreateUnbounded<string>();

    private void Enqueue(string id) => _waiting.GetOrAdd(_jobs[id].Converter, NewChannel).Writer.TryWrite(id);

    private void Map()
    {
        _app.MapGet("/health", () => "healthy");
        _app.MapPost("/claims", ClaimAsync);
        _app.MapGet("/jobs/{id}/input", (string id) =>
            _jobs[id].Read() > 1 && Gone.ContainsKey(id)
                ? Results.StatusCode(StatusCodes.Status410Gone)
                : Results.Bytes(Input, "image/png"));
        _app.MapPatch("/leases", (JsonElement body) => new
        {
            lost = body.GetProperty("leases").EnumerateArray()
                .Select((lease, place) => (Id: lease.GetProperty("jobId").GetString()!, Place: place))
                .Where(lease => Lost.ContainsKey(lease.Id))
                .Select(lease => lease.Place),
        });
        _app.MapPut("/jobs/{id}/result", async (string id, HttpRequest request) =>
        {
            await request.Body.CopyToAsync(Stream.Null);
            _jobs[id].IsDone = true;
            return Results.NoContent();
        });
        _app.MapPut("/jobs/{id}/failure", (string id, JsonElement failure) =>
        {
            var kind = failure.GetProperty("kind").GetString()!;
            var pause = failure.GetProperty("retryAfterSeconds");
            Pauses.Enqueue(pause.ValueKind == JsonValueKind.Number ? pause.GetDouble() : null);
            if (kind != "final")
            {
                Enqueue(id);
            }

            Failures.Enqueue(kind);
            return Results.NoContent();
        });
        _app.MapGet("/descriptors", () => _descriptors);
        _app.MapPut("/descriptors/{name}", (string name, JsonObject descriptor) =>
        {
            if (RefusedDescriptors.ContainsKey(name))
            {
                RefusedDescriptors.AddOrUpdate(name, 1, (_, count) => count + 1);
                return Results.BadRequest();
            }

            _descriptors[name] = descriptor;
            return Results.NoContent();
        });
    }

    private async Task<IResult> ClaimAsync(JsonElement body, CancellationToken aborted)
    {
        // As the real one does: the same token finds its claim again, and one that is asked for anew is granted to the newer request only.
        var token = body.GetProperty("token").GetString()!;
        var request = new object();
        lock (_claims)
        {
            _requests[token] = request;
            if (_claims.TryGetValue(token, out var granted))
            {
                return Results.Json(granted);
            }
        }

        var queue = _waiting.GetOrAdd(body.GetProperty("converter").GetString()!, NewChannel).Reader;
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        wait.CancelAfter(TimeSpan.FromSeconds(body.GetProperty("waitSeconds").GetDouble()));
        string? id;
        try
        {
            id = queue.TryRead(out var first) ? first : await queue.ReadAsync(wait.Token);
        }
        catch (OperationCanceledException)
        {
            return Results.NoContent();
        }

        lock (_claims)
        {
            if (_requests[token] != request)
            {
                Enqueue(id);
                return Results.NoContent();
            }

            var job = _jobs[id];
            return Results.Json(_claims[token] = new
            {
                jobId = id,
                attempt = job.Claim(),
                converter = job.Converter,
                parameters = new { },
                contentType = "image/png",
                length = Input.Length,
                heartbeatSeconds = 0.1,
            });
        }
    }

    private sealed class Job(string converter)
    {
        private int _attempts;
        private int _reads;

        public string Converter => converter;

        public int Attempts => Volatile.Read(ref _attempts);

        public bool IsDone { get; set; }

        /// <returns>The attempt's number.</returns>
        public int Claim() => Interlocked.Increment(ref _attempts);

        /// <returns>How often the input was read.</returns>
        public int Read() => Interlocked.Increment(ref _reads);
    }
}
