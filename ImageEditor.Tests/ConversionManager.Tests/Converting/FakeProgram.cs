using System.Collections.Concurrent;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ImageEditor.ConversionManager.Tests.Converting;

/// <summary>
/// A program on a loopback port that serves one converter, or several below paths of their own. It has slots, and answers "full" at once when
/// none is free.
/// </summary>
internal sealed class FakeProgram : IAsyncDisposable
{
    private static readonly string[] Formats = ["image/png"];
    private static readonly byte[] Result = Pictures.Png(8, 8);

    private readonly string[] _names;
    private readonly Lock _lock = new();
    private WebApplication? _app;
    private int _slots;
    private int _running;
    private int _mostRunning;
    private int _full;

    private FakeProgram(string[] names, int slots, TimeSpan duration) => (_names, _slots, Duration) = (names, slots, duration);

    /// <summary>Its converter, or the first of them.</summary>
    public string Name => _names[0];

    /// <summary>The addresses of its converters, by their names.</summary>
    public IReadOnlyDictionary<string, string> Addresses => _names.ToDictionary(name => name, name => Address + PathOf(name));

    /// <summary>Those of its converters that fail, while the others work.</summary>
    public ConcurrentDictionary<string, bool> Broken { get; } = new();

    /// <summary>Whether its converters are for everybody.</summary>
    public bool IsPublic { get; set; } = true;

    public string Address { get; private set; } = "http://127.0.0.1:0";

    /// <summary>How many conversions it runs at once; those that run go on.</summary>
    public int Slots
    {
        set
        {
            lock (_lock)
            {
                _slots = value;
            }
        }
    }

    /// <summary>How long a conversion takes that begins from now on.</summary>
    public TimeSpan Duration { get; set; }

    /// <summary>Answers that the picture is not for it, with 422.</summary>
    public bool Refuses { get; set; }

    /// <summary>How many bytes its results have behind their pictures.</summary>
    public int Padding { get; set; }

    /// <summary>What it found in each picture; null for nothing.</summary>
    public string? ResultInfo { get; set; }

    /// <summary>The query strings of the calls that it took.</summary>
    public ConcurrentQueue<string> Calls { get; } = [];

    /// <summary>The bytes that each of these calls brought.</summary>
    public ConcurrentQueue<long> Inputs { get; } = [];

    /// <summary>How many calls it refused so far.</summary>
    public int Full => Volatile.Read(ref _full);

    /// <summary>How many conversions it runs now.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>How many conversions it has run at once, at most.</summary>
    public int MostRunning => Volatile.Read(ref _mostRunning);

    public static Task<FakeProgram> StartAsync(string name, int slots, TimeSpan? duration = null) => StartAsync([name], slots, duration);

    /// <summary>Starts one that serves several converters.</summary>
    public static async Task<FakeProgram> StartAsync(string[] names, int slots, TimeSpan? duration = null)
    {
        var program = new FakeProgram(names, slots, duration ?? TimeSpan.FromMilliseconds(50));
        await program.StartAsync();
        return program;
    }

    /// <summary>Starts it again at the address that it had.</summary>
    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address);
        var app = builder.Build();
        app.MapGet("/health", () => "healthy");
        foreach (var name in _names)
        {
            app.MapGet(PathOf(name) + "/descriptor", () => Broken.ContainsKey(name) ? Results.StatusCode(500) : Results.Json(new
            {
                name,
                title = name,
                description = "For tests.",
                @public = IsPublic && name != "heic",
                accelerator = false,
                formats = new { input = Formats, output = Formats },
                lossless = true,
                parameters = new { type = "object", properties = new { } },
            }));
            app.MapPost(PathOf(name) + "/convert", ConvertAsync);
        }

        await app.StartAsync();
        (_app, Address) = (app, app.Urls.Single());
    }

    /// <summary>Breaks all its connections, and refuses further ones.</summary>
    public async Task KillAsync()
    {
        if (Interlocked.Exchange(ref _app, null) is { } app)
        {
            await app.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private string PathOf(string name) => _names.Length == 1 ? "" : "/" + name;

    private async Task ConvertAsync(HttpContext context)
    {
        if (!TryEnter())
        {
            Interlocked.Increment(ref _full);
            await ProblemTypes.Full.Create("No slot is free.", TimeSpan.FromSeconds(1)).ExecuteAsync(context);
            return;
        }

        try
        {
            Calls.Enqueue(context.Request.QueryString.Value!);
            using var input = new MemoryStream();
            await context.Request.Body.CopyToAsync(input, context.RequestAborted);
            Inputs.Enqueue(input.Length);
            await Task.Delay(Duration, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // Whoever is killed answers nothing, not even an empty result.
            context.Abort();
            return;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }

        if (Refuses)
        {
            await ProblemTypes.NotDecodable.Create("Not this one.").ExecuteAsync(context);
            return;
        }

        context.Response.ContentType = "image/png";
        if (context.Request.Query["format"] == "lossless" || Name == "heic")
        {
            context.Response.Headers["X-Original"] = "jpeg-8";
        }

        if (ResultInfo is { } info)
        {
            context.Response.Headers["X-Result-Info"] = info;
        }

        await context.Response.Body.WriteAsync((byte[])[.. Result, .. new byte[Padding]]);
    }

    private bool TryEnter()
    {
        lock (_lock)
        {
            if (_running >= _slots)
            {
                return false;
            }

            var running = Interlocked.Increment(ref _running);
            _mostRunning = Math.Max(_mostRunning, running);
            return true;
        }
    }
}
