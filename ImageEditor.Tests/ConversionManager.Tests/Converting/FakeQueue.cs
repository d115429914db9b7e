using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
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
    private readonly List<string> _waiting = [];
    private readonly ConcurrentDictionary<string, Job> _jobs = new();
    private readonly ConcurrentDictionary<string, JsonObject> _descriptors = new();
    private readonly Dictionary<string, object> _claims = [];
    private readonly Dictionary<string, object> _requests = [];
    private int _submissions;
    private int _refused;
    private bool _isAway;
    private readonly ConcurrentDictionary<object, string[]> _polls = new();
    private TaskCompletionSource _added = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private FakeQueue(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    /// <summary>The jobs that are done.</summary>
    public int Done => _jobs.Values.Count(job => job.IsDone);

    /// <summary>How attempts ended without a result, in order: kinds of failures.</summary>
    public ConcurrentQueue<string> Failures { get; } = [];

    /// <summary>Failures that put the job back into its queue, and how long until it may be claimed again, in seconds.</summary>
    public ConcurrentQueue<double?> Pauses { get; } = [];

    /// <summary>Attempts that ended without a result, as they were reported.</summary>
    public ConcurrentQueue<JsonElement> Reports { get; } = [];

    /// <summary>What the attempts have told of their progress: job, progress and step.</summary>
    public ConcurrentQueue<(string Id, double? Progress, int? Step)> Progress { get; } = [];

    /// <summary>Jobs whose lease is lost: renewals say so.</summary>
    public ConcurrentDictionary<string, bool> Lost { get; } = new();

    /// <summary>Jobs whose input is gone after its first reading: cancelled, and the renewal does not know yet.</summary>
    public ConcurrentDictionary<string, bool> Gone { get; } = new();

    /// <summary>Takes in jobs, and what it waits for before it answers; null to take none.</summary>
    public Func<Task>? BeforeSubmission { get; set; }

    /// <summary>How many jobs were handed in.</summary>
    public int Submissions => Volatile.Read(ref _submissions);

    /// <summary>Requests for what it does not have, such as to take in a job.</summary>
    public ConcurrentQueue<string> Unexpected { get; } = [];

    /// <summary>The descriptors that were handed in.</summary>
    public ICollection<string> Descriptors => _descriptors.Keys;

    /// <summary>Converters whose descriptors are refused, and how often each was.</summary>
    public ConcurrentDictionary<string, int> RefusedDescriptors { get; } = new();

    /// <summary>Whether its store is away: it answers all with 503.</summary>
    public bool IsAway
    {
        get => Volatile.Read(ref _isAway);
        set => Volatile.Write(ref _isAway, value);
    }

    /// <summary>How many calls it answered so.</summary>
    public int Refused => Volatile.Read(ref _refused);

    public static async Task<FakeQueue> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var fake = new FakeQueue(builder.Build());
        fake._app.Use((context, next) =>
        {
            if (!fake.IsAway)
            {
                return next(context);
            }

            Interlocked.Increment(ref fake._refused);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        });
        fake.Map();
        await fake._app.StartAsync();
        return fake;
    }

    /// <summary>Puts a job into a converter's queue.</summary>
    /// <returns>Its id.</returns>
    public string Add(string converter) => Add(new Job(converter, Recipe: null));

    /// <summary>Puts a job of several steps into the queue of its first converter.</summary>
    /// <returns>Its id.</returns>
    public string AddRecipe(params string[] converters) => Add(new Job(converters[0], converters));

    /// <summary>The same of a picture that is said to be of another format.</summary>
    public string AddRecipeOf(string type, params string[] converters) => Add(new Job(converters[0], converters, type));

    /// <summary>The claims that wait for a job, each with the converters that it names.</summary>
    public ICollection<string[]> Polls => _polls.Values;

    /// <summary>How often a job was claimed.</summary>
    public int Attempts(string id) => _jobs[id].Attempts;

    public bool IsDone(string id) => _jobs[id].IsDone;

    /// <summary>What a job's result came with in <c>X-Result-Info</c>.</summary>
    public string? ResultInfo(string id) => _jobs[id].ResultInfo;

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private string Add(Job job)
    {
        var id = $"p0-{Guid.NewGuid():N}";
        _jobs[id] = job;
        Enqueue(id);
        return id;
    }

    private void Enqueue(string id)
    {
        lock (_waiting)
        {
            _waiting.Add(id);
            _added.SetResult();
            _added = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <returns>The next job of several converters; null when none came in time.</returns>
    private async Task<string?> DequeueAsync(string[] converters, bool understandsRecipes, CancellationToken wait)
    {
        while (true)
        {
            Task added;
            lock (_waiting)
            {
                if (_waiting.Find(id => converters.Contains(_jobs[id].Converter) && (understandsRecipes || _jobs[id].Recipe is null)) is { } next)
                {
                    _waiting.Remove(next);
                    return next;
                }

                added = _added.Task;
            }

            try
            {
                await added.WaitAsync(wait);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }
    }

    private void Map()
    {
        _app.MapGet("/health", () => "healthy");
        _app.MapPost("/claims", ClaimAsync);
        _app.MapGet("/jobs/{id}/input", (string id) =>
            _jobs[id].Read() > 1 && Gone.ContainsKey(id)
                ? Results.StatusCode(StatusCodes.Status410Gone)
                : Results.Bytes(Input, "image/png"));
        _app.MapPatch("/leases", (JsonElement body) =>
        {
            var leases = body.GetProperty("leases").Deserialize<Lease[]>(JsonSerializerOptions.Web)!;
            foreach (var lease in leases)
            {
                Progress.Enqueue((lease.JobId, lease.Progress, lease.Step));
            }

            return new { lost = leases.Index().Where(lease => Lost.ContainsKey(lease.Item.JobId)).Select(lease => lease.Index) };
        });
        _app.MapPut("/jobs/{id}/result", async (string id, HttpRequest request) =>
        {
            await request.Body.CopyToAsync(Stream.Null);
            _jobs[id].ResultInfo = request.Headers["X-Result-Info"];
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

            Reports.Enqueue(failure.Clone());
            Failures.Enqueue(kind);
            return Results.NoContent();
        });
        _app.MapPost("/jobs", SubmitAsync);
        _app.MapFallback((HttpRequest request) =>
        {
            Unexpected.Enqueue($"{request.Method} {request.Path}");
            return Results.NotFound();
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

    /// <summary>Takes in a job with a recipe, and has it run at once where the caller has a slot.</summary>
    private async Task<IResult> SubmitAsync(string id, string converter, int? recipeLength, string? claim, HttpRequest request)
    {
        if (BeforeSubmission is not { } before || recipeLength is not { } length)
        {
            Unexpected.Enqueue($"{request.Method} {request.Path}");
            return Results.NotFound();
        }

        var recipe = new byte[length];
        await request.Body.ReadExactlyAsync(recipe);
        await request.Body.CopyToAsync(Stream.Null);
        Interlocked.Increment(ref _submissions);
        await before();
        var steps = JsonNode.Parse(recipe)!.AsArray().Select(step => (string)step!["converter"]!);
        var job = _jobs[id] = new Job(converter, [.. steps]);
        if (claim is null)
        {
            Enqueue(id);
        }

        return Results.Json(
            new { jobId = id, attempt = claim is null ? (int?)null : job.Claim(), heartbeatSeconds = 0.1 },
            statusCode: StatusCodes.Status201Created);
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

        using var wait = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        wait.CancelAfter(TimeSpan.FromSeconds(body.GetProperty("waitSeconds").GetDouble()));
        var understandsRecipes = body.TryGetProperty("recipes", out var recipes) && recipes.GetBoolean();
        var converters = body.GetProperty("converters").Deserialize<string[]>()!;
        if (!converters.Contains(body.GetProperty("converter").GetString()))
        {
            // What a job manager of the release before would read.
            return Results.BadRequest();
        }

        string? id;
        try
        {
            _polls[request] = converters;
            id = await DequeueAsync(converters, understandsRecipes, wait.Token);
        }
        finally
        {
            _polls.TryRemove(request, out _);
        }

        if (id is null)
        {
            return Results.NoContent();
        }

        lock (_claims)
        {
            if (_requests[token] != request || aborted.IsCancellationRequested)
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
                recipe = job.Recipe?.Select(converter => new { converter, parameters = new { } }),
                contentType = "image/png",
                length = Input.Length,
                images = new[]
                {
                    new { name = "image", contentType = job.Type, offset = 0, length = Input.Length, width = 64, height = 48 },
                },
                heartbeatSeconds = 0.1,
            });
        }
    }

    private sealed record Lease(string JobId, double? Progress, int? Step);

    private sealed record Job(string Converter, string[]? Recipe, string Type = "image/png")
    {
        private int _attempts;
        private int _reads;

        public string? ResultInfo { get; set; }

        public int Attempts => Volatile.Read(ref _attempts);

        public bool IsDone { get; set; }

        /// <returns>The attempt's number.</returns>
        public int Claim() => Interlocked.Increment(ref _attempts);

        /// <returns>How often the input was read.</returns>
        public int Read() => Interlocked.Increment(ref _reads);
    }
}
