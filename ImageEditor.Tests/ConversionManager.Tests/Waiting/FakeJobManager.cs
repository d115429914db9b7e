using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ImageEditor.ConversionManager.Tests.Waiting;

/// <summary>A job manager on a loopback port that takes jobs, and answers who waits for them as a test says.</summary>
internal sealed class FakeJobManager : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, int?> _jobs = new();

    private FakeJobManager(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    /// <summary>The ids of the jobs that it has.</summary>
    public ICollection<string> Jobs => _jobs.Keys;

    /// <summary>What the jobs can yield at most, in bytes, as they say.</summary>
    public ICollection<int?> Yields => _jobs.Values;

    /// <summary>What the pictures of the calls for jobs are called, as each says; null where it says nothing.</summary>
    public ConcurrentQueue<string?> Names { get; } = new();

    /// <summary>The jobs whose results were sent whole, as it was told.</summary>
    public ConcurrentQueue<string> Delivered { get; } = new();

    /// <summary>Calls that wait for a job's end, or did.</summary>
    public Tally Waits { get; } = new();

    /// <summary>Calls that waited, and were hung up.</summary>
    public Tally HungUp { get; } = new();

    /// <summary>Answers a call that waits: its context, and the number of such calls, this one included.</summary>
    public Func<HttpContext, int, Task> Answer { get; set; } = (_, _) => Task.CompletedTask;

    public static async Task<FakeJobManager> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var fake = new FakeJobManager(builder.Build());
        fake.Map();
        await fake._app.StartAsync();
        return fake;
    }

    /// <summary>Answers with an image, as <c>GET /api/jobs/{id}</c> does.</summary>
    public static async Task SendImageAsync(HttpContext context, byte[] image)
    {
        var response = context.Response;
        response.ContentType = "image/png";
        response.ContentLength = image.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "sandbox";
        response.Headers["X-Result-Info"] = "{\"faces\":2}";
        await response.Body.WriteAsync(image);
    }

    /// <summary>Holds a call until its caller hangs up.</summary>
    public async Task HoldAsync(HttpContext context)
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            HungUp.Add();
        }
    }

    /// <summary>Of each job: whether it was to be claimed, of which program, and whether that took recipes.</summary>
    public ConcurrentQueue<(bool IsClaimed, string? Program, bool? Recipes)> Claims { get; } = [];

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private void Map()
    {
        _app.MapGet("/health", () => "healthy");
        _app.MapPost("/jobs", async (string id, string? claim, string? program, bool? recipes, int? @yield, HttpRequest request) =>
        {
            await request.Body.CopyToAsync(Stream.Null);
            Claims.Enqueue((claim is not null, program, recipes));
            Names.Enqueue(request.Headers["X-Internal-Picture-Name"]);
            var job = new { jobId = id, attempt = claim is null ? (int?)null : 1, heartbeatSeconds = 1.0 };
            return Results.Json(job, statusCode: _jobs.TryAdd(id, @yield) ? StatusCodes.Status201Created : StatusCodes.Status200OK);
        });
        _app.MapPut("/jobs/delivered", (DeliveredJobs jobs) =>
        {
            foreach (var id in jobs.JobIds)
            {
                Delivered.Enqueue(id);
            }

            return Results.NoContent();
        });
        _app.MapGet("/jobs/{id}/outcome", (HttpContext context) =>
        {
            Waits.Add();
            return Answer(context, Waits.Count);
        });
    }

    private sealed record DeliveredJobs(string[] JobIds);
}
