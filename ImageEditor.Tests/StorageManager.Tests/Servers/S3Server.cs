using System.Diagnostics;
using System.Net.Http.Json;
using System.Reflection;

namespace ImageEditor.StorageManager.Tests.Servers;

/// <summary>A server that speaks S3, checks signatures, and fails as a test asks it to.</summary>
public sealed class S3Server : IAsyncLifetime
{
    public const string Bucket = "images";

    // The library's only key pair.
    private const string Key = "S3RVER";
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);

    private readonly int _port = Ports.Free();
    private readonly string _folder = Directory.CreateTempSubdirectory("s3-").FullName;
    private readonly HttpClient _http = new();
    private Process? _process;

    private Uri FaultUri => new($"http://127.0.0.1:{_port}/-/fault");

    public ValueTask InitializeAsync() => new(StartAsync());

    /// <summary>Starts the server, again too, on its data.</summary>
    public async Task StartAsync()
    {
        var script = Path.Combine(
            Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(metadata => metadata.Key == "S3ServerFolder").Value!,
            "server.js");
        _process = Process.Start(
            new ProcessStartInfo("node", [script, $"{_port}", _folder, Bucket])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        _process.BeginErrorReadLine();
        using var deadline = new CancellationTokenSource(StartTime);
        Assert.Equal("listening", await _process.StandardOutput.ReadLineAsync(deadline.Token));
    }

    /// <summary>The settings of a service that uses it.</summary>
    public (string Name, string Value)[] Settings() =>
    [
        ("ImageStorage__Kind", "S3"),
        ("ImageStorage__S3__Endpoint", $"http://127.0.0.1:{_port}"),
        ("ImageStorage__S3__Bucket", Bucket),
        ("ImageStorage__S3__AccessKey", Key),
        ("ImageStorage__S3__SecretKey", Key),
    ];

    /// <summary>Makes requests fail, until <see cref="HealAsync"/>.</summary>
    /// <param name="method">Which: GET, PUT or DELETE.</param>
    /// <param name="kind">error, full, silent, cut-request or cut-response.</param>
    /// <param name="key">Only those whose key contains this.</param>
    /// <param name="times">How many; -1 for all.</param>
    public async Task BreakAsync(string method, string kind, string key = "/", int times = -1)
    {
        using var response = await _http.PutAsJsonAsync(FaultUri, new { method, kind, key, times });
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Lets all requests pass again.</summary>
    public async Task HealAsync()
    {
        using var response = await _http.DeleteAsync(FaultUri);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>The keys of all objects that begin so.</summary>
    public IReadOnlyList<string> Keys(string prefix)
    {
        const string suffix = "._S3rver_object";
        var bucket = Path.Combine(_folder, Bucket);
        return [.. Directory.EnumerateFiles(bucket, "*" + suffix, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(bucket, file)[..^suffix.Length])
            .Where(key => key.StartsWith(prefix, StringComparison.Ordinal))];
    }

    /// <summary>Ends the server as a lost machine would.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
