using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ImageEditor.JobManager.Attempts;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.JobManager.Tests.Support;

/// <summary>A real job manager on a free loopback port, and its calls in verbs of the domain.</summary>
internal sealed class JobManagerProcess : IAsyncDisposable
{
    private const string InternalKey = "not-a-secret-either";
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private JobManagerProcess(Process process, Uri address)
    {
        _process = process;
        Http = new HttpClient { BaseAddress = address };
        Http.DefaultRequestHeaders.Add("X-Internal-Key", InternalKey);
    }

    /// <summary>Calls it with the internal key.</summary>
    public HttpClient Http { get; }

    /// <summary>Starts a replica on a store, and waits until it is healthy.</summary>
    public static async Task<JobManagerProcess> StartAsync(StoreServer store, params (string Name, string Value)[] settings)
    {
        var address = new Uri($"http://127.0.0.1:{Ports.Free()}");
        var start = new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "JobManager.dll"), "--urls", address.OriginalString])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ConnectionStrings__job-store"] = store.ConnectionString;
        start.Environment["InternalKey"] = InternalKey;
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException("The job manager did not start.");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var started = new JobManagerProcess(process, address);
        try
        {
            await Until.TrueAsync("the job manager is healthy", StartTime, async () =>
            {
                Assert.False(process.HasExited, "The job manager has ended.");
                return await started.StatusAsync("/health") == HttpStatusCode.OK;
            });
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    public Task<HttpResponseMessage> CreateAsync(
        JobId id, byte[] input, string converter = "contrast", string images = "[]", string more = "", string? name = null)
    {
        var content = Image(input);
        content.Headers.Add("X-Input-Images", images);
        if (name is not null)
        {
            content.Headers.Add("X-Internal-Picture-Name", name);
        }

        return Http.PostAsync($"/jobs?id={id}&converter={converter}&parameters=%7B%22amount%22%3A40%7D{more}", content);
    }

    public async Task<Claim?> ClaimAsync(double waitSeconds = 0, string converter = "contrast", bool recipes = false)
    {
        using var response = await Http.PostAsJsonAsync(
            "/claims", new { token = Guid.NewGuid().ToString("N"), converter, waitSeconds, recipes });
        response.EnsureSuccessStatusCode();
        return response.StatusCode == HttpStatusCode.NoContent ? null : await response.Content.ReadFromJsonAsync<Claim>();
    }

    /// <summary>Claims a job of a program.</summary>
    public async Task<Claim?> ClaimAsync(string[] converters, double waitSeconds, string? token = null, bool recipes = true)
    {
        using var response = await Http.PostAsJsonAsync(
            "/claims", new { token = token ?? Guid.NewGuid().ToString("N"), converters, recipes, waitSeconds });
        response.EnsureSuccessStatusCode();
        return response.StatusCode == HttpStatusCode.NoContent ? null : await response.Content.ReadFromJsonAsync<Claim>();
    }

    /// <summary>Renews the lease on a job.</summary>
    /// <returns>Whether it is still held.</returns>
    public async Task<bool> RenewAsync(JobId id, int attempt, double? progress = null)
    {
        using var response = await Http.PatchAsJsonAsync(
            "/leases", new { leases = new[] { new { kind = "job", jobId = $"{id}", attempt, progress } } });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("lost").GetArrayLength() == 0;
    }

    public async Task<HttpStatusCode> CompleteAsync(JobId id, int attempt, byte[] result)
    {
        using var content = Image(result);
        content.Headers.Add("X-Result-Info", "{\"faces\":2}");
        using var response = await Http.PutAsync($"/jobs/{id}/result?attempt={attempt}", content);
        return response.StatusCode;
    }

    public async Task<HttpStatusCode> FailAsync(JobId id, int attempt, object failure)
    {
        using var response = await Http.PutAsJsonAsync($"/jobs/{id}/failure?attempt={attempt}", failure);
        return response.StatusCode;
    }

    public Task<HttpResponseMessage> GetAsync(JobId id) => Http.GetAsync($"/api/jobs/{id}");

    /// <summary>The status of a GET; null when there is no response.</summary>
    public async Task<HttpStatusCode?> StatusAsync(string path)
    {
        try
        {
            using var response = await Http.GetAsync(path);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Asks it to stop, as an orchestrator does, and waits for its end.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static ByteArrayContent Image(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new("image/png");
        return content;
    }
}
