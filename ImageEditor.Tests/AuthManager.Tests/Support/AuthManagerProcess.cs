using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace ImageEditor.AuthManager.Tests.Support;

/// <summary>A real account manager on a free loopback port.</summary>
internal sealed class AuthManagerProcess : IAsyncDisposable
{
    private const string InternalKey = "not-a-secret-either";
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private AuthManagerProcess(Process process, Uri address)
    {
        _process = process;
        Http = new HttpClient { BaseAddress = address };
        Http.DefaultRequestHeaders.Add("X-Internal-Key", InternalKey);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Calls it with the internal key.</summary>
    public HttpClient Http { get; }

    /// <summary>Starts a replica, and waits until it is healthy.</summary>
    public static async Task<AuthManagerProcess> StartAsync(string database, params (string Name, string Value)[] settings)
    {
        var address = new Uri($"http://127.0.0.1:{Ports.Free()}");
        var start = new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "AuthManager.dll"), "--urls", address.OriginalString])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ConnectionStrings__accounts"] = database;
        start.Environment["InternalKey"] = InternalKey;
        start.Environment["Keys__EncryptionSecret"] = "a secret of this test's installation";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var replica = new AuthManagerProcess(
            Process.Start(start) ?? throw new InvalidOperationException("The account manager did not start."), address);
        try
        {
            await Until.TrueAsync("the account manager is healthy", StartTime, async () =>
            {
                Assert.False(replica._process.HasExited, "The account manager has ended.");
                return await replica.StatusAsync("/health") == HttpStatusCode.OK;
            });
            return replica;
        }
        catch
        {
            await replica.DisposeAsync();
            throw;
        }
    }

    /// <summary>The status of a GET; null when nobody answers.</summary>
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

    public Task<HttpResponseMessage> RegisterAsync(string email, string password) =>
        Http.PostAsJsonAsync("/api/auth/register", new { email, password });

    public Task<HttpResponseMessage> LoginAsync(string email, string password) =>
        Http.PostAsJsonAsync("/api/auth/login", new { email, password });

    public Task<HttpResponseMessage> RefreshAsync(string refreshToken) => Http.PostAsJsonAsync("/api/auth/refresh", new { refreshToken });

    /// <summary>The refresh token of an answer that must be one.</summary>
    public static async Task<string> RefreshTokenOfAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("refreshToken").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
