using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ImageEditor.Testing.Network;

/// <summary>
/// A real server on a loopback port, one replica of a service: it echoes at <c>/</c>, and holds calls to <c>/poll</c> and <c>/events</c>
/// until it is told to go on.
/// </summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TestServer(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    /// <summary>Calls that came in, probes apart.</summary>
    public Tally Calls { get; private set; } = new();

    /// <summary>Probes that came in.</summary>
    public Tally Probes { get; private set; } = new();

    /// <summary>What <c>/health</c> answers.</summary>
    public int HealthStatus { get; set; } = StatusCodes.Status200OK;

    public static async Task<TestServer> StartAsync(string address = "http://127.0.0.1:0")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address);
        var server = new TestServer(builder.Build());
        server.Map();
        await server._app.StartAsync();

        // The first requests compile what serves them, which takes seconds on a busy machine: a replica in service is past that.
        using var client = new HttpClient { BaseAddress = new Uri(server.Address) };
        foreach (var path in (string[])["/health", "/", "/poll?go=on"])
        {
            (await client.GetAsync(new Uri(path, UriKind.Relative))).Dispose();
        }

        (server.Calls, server.Probes) = (new Tally(), new Tally());
        return server;
    }

    /// <summary>An address on this machine that refuses connections.</summary>
    public static string Nobody() => $"http://127.0.0.1:{Ports.Free()}";

    /// <summary>Lets the calls to <c>/poll</c> and <c>/events</c> go on.</summary>
    public void GoOn() => _goOn.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        GoOn();
        await _app.DisposeAsync();
    }

    private void Map()
    {
        _app.MapGet("/health", () =>
        {
            Probes.Add();
            return Results.StatusCode(HealthStatus);
        });
        _app.Map("/", async (HttpRequest request) =>
        {
            Calls.Add();
            using var reader = new StreamReader(request.Body);
            return await reader.ReadToEndAsync();
        });
        _app.MapPost("/broken", (HttpContext context) =>
        {
            Calls.Add();
            context.Abort();
        });
        _app.MapGet("/poll", async (string? go) =>
        {
            Calls.Add();
            await (go == "on" ? Task.CompletedTask : _goOn.Task);
            return "polled";
        });
        _app.MapGet("/events", async (HttpResponse response) =>
        {
            Calls.Add();
            await response.WriteAsync("first\n");
            await response.Body.FlushAsync();
            await _goOn.Task;
            await response.WriteAsync("last\n");
        });
    }
}
