using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;

namespace ImageEditor.StorageManager.Tests.Support;

/// <summary>A real storage manager on a free loopback port, and its calls in verbs of the domain.</summary>
internal sealed class StorageManagerProcess : IAsyncDisposable
{
    public const string InternalKey = "not-a-secret-either";
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> _output = new();

    private StorageManagerProcess(Process process, Uri address)
    {
        Process = process;
        Http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
        Http.DefaultRequestHeaders.Add("X-Internal-Key", InternalKey);
        process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Calls it with the internal key.</summary>
    public HttpClient Http { get; }

    public Process Process { get; }

    /// <summary>What it has written so far.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Waits until it has written this: what it logs comes a moment after what it answers.</summary>
    public Task WritesAsync(string text) =>
        Until.TrueAsync($"the log says '{text}'", StartTime, () => Task.FromResult(Output.Contains(text, StringComparison.Ordinal)));

    /// <summary>Starts a replica, and waits until it is healthy.</summary>
    public static async Task<StorageManagerProcess> StartAsync(string database, params (string Name, string Value)[] settings)
    {
        var replica = Launch(database, settings);
        try
        {
            await replica.HealthyAsync();
            return replica;
        }
        catch
        {
            await replica.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a replica.</summary>
    public static StorageManagerProcess Launch(string database, params (string Name, string Value)[] settings) =>
        Launch([], database, settings);

    /// <summary>Starts a replica by way of another program, which becomes it.</summary>
    public static StorageManagerProcess Launch(string[] by, string database, params (string Name, string Value)[] settings)
    {
        var address = new Uri($"http://127.0.0.1:{Ports.Free()}");
        string[] command =
        [
            .. by, "dotnet", Path.Combine(AppContext.BaseDirectory, "StorageManager.dll"), "--urls", address.OriginalString,
        ];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ConnectionStrings__metadata"] = database;
        start.Environment["InternalKey"] = InternalKey;
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return new StorageManagerProcess(
            Process.Start(start) ?? throw new InvalidOperationException("The storage manager did not start."), address);
    }

    public Task HealthyAsync() => Until.TrueAsync("the storage manager is healthy", StartTime, async () =>
    {
        Assert.False(Process.HasExited, "The storage manager has ended: " + Output);
        return await StatusOfAsync("/health") == HttpStatusCode.OK;
    });

    /// <summary>Saves a picture.</summary>
    public async Task<HttpStatusCode> SaveAsync(Guid owner, TestPicture picture)
    {
        using var form = picture.Form();
        using var response = await Http.PutAsync($"/pictures/{owner}/{picture.JobId}", form);
        return response.StatusCode;
    }

    /// <summary>Saves a picture that is new.</summary>
    /// <returns>Its id in the gallery.</returns>
    public async Task<string> SaveNewAsync(Guid owner, TestPicture picture)
    {
        Assert.Equal(HttpStatusCode.NoContent, await SaveAsync(owner, picture));
        return (await ListAsync(owner))
            .Single(item => item.GetProperty("jobId").GetString() == picture.JobId)
            .GetProperty("id")
            .GetString()!;
    }

    /// <summary>Sends a request as an owner; nobody when null.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        Guid? owner,
        Action<HttpRequestMessage>? change = null,
        HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        using var request = new HttpRequestMessage(method, path);
        if (owner is not null)
        {
            request.Headers.Add("X-Authenticated-User", owner.ToString());
        }

        change?.Invoke(request);
        return await Http.SendAsync(request, completion);
    }

    public Task<HttpResponseMessage> GetAsync(string path, Guid? owner, Action<HttpRequestMessage>? change = null) =>
        SendAsync(HttpMethod.Get, path, owner, change);

    public async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path, Guid? owner)
    {
        using var response = await SendAsync(method, path, owner);
        return response.StatusCode;
    }

    public async Task<JsonElement> JsonAsync(string path, Guid owner)
    {
        using var response = await GetAsync(path, owner);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>All pictures of an owner, in the gallery's order.</summary>
    public async Task<List<JsonElement>> ListAsync(Guid owner, string query = "limit=100")
    {
        var items = new List<JsonElement>();
        string? cursor = null;
        do
        {
            var page = await JsonAsync($"/api/gallery?{query}{(cursor is null ? "" : "&cursor=" + cursor)}", owner);
            items.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.GetProperty("next").GetString();
        }
        while (cursor is not null);
        return items;
    }

    public async Task<byte[]> BytesAsync(string path, Guid owner)
    {
        using var response = await GetAsync(path, owner);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsByteArrayAsync();
    }

    /// <summary>The problem that a request is answered with.</summary>
    public static async Task<(HttpStatusCode Status, string Type, string Detail)> ProblemAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = (await response.Content.ReadFromJsonAsync<ProblemDetails>())!;
        return (response.StatusCode, problem.Type!["urn:image-editor:problem:".Length..], problem.Detail!);
    }

    /// <summary>Saves a picture, and reads why it was not.</summary>
    public async Task<(HttpStatusCode Status, string Type, string Detail)> RefusedAsync(Guid owner, TestPicture picture)
    {
        using var form = picture.Form();
        using var response = await Http.PutAsync($"/pictures/{owner}/{picture.JobId}", form);
        if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            Assert.NotNull(response.Headers.RetryAfter);
        }

        return await ProblemAsync(response);
    }

    /// <summary>The status of a GET; null when nobody answers.</summary>
    public async Task<HttpStatusCode?> StatusOfAsync(string path)
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

    /// <summary>Ends it as a lost machine would.</summary>
    public async Task KillAsync()
    {
        Process.Kill();
        await Process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await KillAsync();
        Process.Dispose();
    }
}
