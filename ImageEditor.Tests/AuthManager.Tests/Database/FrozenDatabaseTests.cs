using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ImageEditor.AuthManager.Tests.Support;

namespace ImageEditor.AuthManager.Tests.Database;

/// <summary>A database whose connections stay open, and that answers nothing.</summary>
[Collection(nameof(AccountsServer))]
public sealed class FrozenDatabaseTests(AccountsServer server, ITestOutputHelper output)
{
    private const int Allowance = 3;
    private const string Password = "correct horse battery staple";
    private static readonly TimeSpan Refusal = TimeSpan.FromSeconds(2) * Allowance;
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(250) * Allowance;
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(5) * Allowance;

    [Fact]
    public async Task Accounts_OfAFrozenDatabase_AreAnsweredForInTimeAndNobodyIsSignedOut()
    {
        const string Email = "ann@example.org";
        await using var manager = await AuthManagerProcess.StartAsync(
            await server.Postgres.CreateDatabaseAsync(), ("Sessions__ReuseGrace", "00:00:00.1"));
        string token;
        using (var registered = await manager.RegisterAsync(Email, Password))
        {
            token = await AuthManagerProcess.RefreshTokenOfAsync(registered);
        }

        await server.Postgres.FreezeAsync();
        try
        {
            var calls = new Func<Task<HttpResponseMessage>>[]
            {
                () => manager.RefreshAsync(token),
                () => manager.LoginAsync(Email, Password),
                () => manager.RegisterAsync("bob@example.org", Password),
                () => manager.Http.GetAsync("/revocations"),
            };
            await Task.WhenAll(calls.Select(call => RefusedAsync(call, Refusal)));
            foreach (var call in calls)
            {
                await RefusedAsync(call, AtOnce);
            }

            Assert.Equal(HttpStatusCode.OK, await manager.StatusAsync("/health"));
            Assert.Equal(HttpStatusCode.OK, await manager.StatusAsync("/api/auth/keys"));
        }
        finally
        {
            server.Postgres.Thaw();
        }

        await RecoversAsync(async () => await manager.StatusAsync("/revocations") == HttpStatusCode.OK);

        // The refresh that was cut off has not used the token up behind its owner's back; a later one would be its theft.
        using (var refreshed = await manager.RefreshAsync(token))
        {
            await AuthManagerProcess.RefreshTokenOfAsync(refreshed);
        }

        using (var login = await manager.LoginAsync(Email, Password))
        {
            Assert.Equal(HttpStatusCode.OK, login.StatusCode);
        }

        using var repeated = await manager.RegisterAsync("bob@example.org", Password);
        Assert.Equal(HttpStatusCode.OK, repeated.StatusCode);
    }

    private static async Task RefusedAsync(Func<Task<HttpResponseMessage>> call, TimeSpan within)
    {
        var clock = Stopwatch.StartNew();
        using var response = await call();
        var elapsed = clock.Elapsed;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("urn:image-editor:problem:unavailable", problem.GetProperty("type").GetString());
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.True(
            elapsed < within, $"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri!.AbsolutePath} took {elapsed}");
    }

    private async Task RecoversAsync(Func<Task<bool>> isBack)
    {
        var clock = Stopwatch.StartNew();
        await Until.TrueAsync("the database is used again", Recovery, isBack);
        output.WriteLine($"used again after {clock.ElapsedMilliseconds} ms");
    }
}
