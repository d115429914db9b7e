using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.AspNetCore.Mvc;

namespace ImageEditor.JobManager.Tests.Store;

/// <summary>A store whose connections stay open, and that does not answer.</summary>
public sealed class FrozenStoreTests(ITestOutputHelper output)
{
    private const int LargeImage = 3_000_000;
    private const int Allowance = 3;
    private static readonly TimeSpan Refusal = TimeSpan.FromSeconds(2) * Allowance;
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(250) * Allowance;
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(5) * Allowance;

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Store_ThatIsFrozen_CausesA503InTimeAndLosesNothing(StoreKind kind)
    {
        await using var server = await StoreServer.StartAsync(kind);
        await using var manager = await JobManagerProcess.StartAsync(server);
        var (known, cutOff) = (TestStore.NewId(), TestStore.NewId());
        var input = TestStore.Image("input", LargeImage);
        (await manager.CreateAsync(known, input)).EnsureSuccessStatusCode();

        server.Freeze();
        try
        {
            // Side by side, as callers come: reading, claiming, and a large one that is being written.
            var calls = new Func<Task<HttpResponseMessage>>[]
            {
                () => manager.CreateAsync(cutOff, input),
                () => manager.GetAsync(known),
                () => manager.Http.PostAsJsonAsync(
                    "/claims", new { token = Guid.NewGuid().ToString("N"), converter = "contrast", waitSeconds = 20 }),
                () => manager.Http.DeleteAsync($"/api/jobs/{TestStore.NewId()}"),
            };
            await Task.WhenAll(calls.Select(call => RefusedAsync(call, Refusal)));
            foreach (var call in calls)
            {
                await RefusedAsync(call, AtOnce);
            }

            Assert.Equal(HttpStatusCode.OK, await manager.StatusAsync("/health"));
        }
        finally
        {
            server.Thaw();
        }

        await RecoversAsync(manager, known);
        using (var repeated = await manager.CreateAsync(cutOff, input))
        {
            Assert.True(repeated.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK, $"{repeated.StatusCode}");
        }

        // Each is there once, with its bytes.
        var claimed = new HashSet<string>();
        while (await manager.ClaimAsync() is { } claim)
        {
            Assert.True(claimed.Add(claim.JobId), $"{claim.JobId} was claimed twice");
            Assert.Equal(
                input,
                await manager.Http.GetByteArrayAsync(
                    $"/jobs/{claim.JobId}/input?attempt={claim.Attempt}", TestContext.Current.CancellationToken));
        }

        Assert.Equal(new[] { $"{known}", $"{cutOff}" }.Order(), claimed.Order());
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Store_ThatIsKilledWhileFrozen_IsUsedAgainAfterItsRestart(StoreKind kind)
    {
        await using var server = await StoreServer.StartAsync(kind);
        await using var manager = await JobManagerProcess.StartAsync(server);
        var known = TestStore.NewId();
        (await manager.CreateAsync(known, TestStore.Image("input", LargeImage))).EnsureSuccessStatusCode();

        server.Freeze();
        await RefusedAsync(() => manager.GetAsync(known), Refusal);
        await server.KillAsync();
        await RefusedAsync(() => manager.GetAsync(known), AtOnce);
        await server.StartAsync();

        await RecoversAsync(manager, known);
    }

    /// <summary>A short outage ends before clients replace their connections. A longer one must end as quickly.</summary>
    [Fact]
    public async Task Store_ThatIsFrozenUntilConnectionsAreReplaced_IsUsedAgain()
    {
        await using var server = await StoreServer.StartAsync(StoreKind.Redis);
        await using var manager = await JobManagerProcess.StartAsync(server);
        var known = TestStore.NewId();
        (await manager.CreateAsync(known, TestStore.Image("input", LargeImage))).EnsureSuccessStatusCode();

        server.Freeze();
        try
        {
            var frozen = Stopwatch.StartNew();
            await Until.TrueAsync("half a minute is over", TimeSpan.FromMinutes(1), async () =>
            {
                await RefusedAsync(() => manager.GetAsync(known), Refusal);
                return frozen.Elapsed > TimeSpan.FromSeconds(30);
            }, TestContext.Current.CancellationToken);
        }
        finally
        {
            server.Thaw();
        }

        await RecoversAsync(manager, known);
    }

    private static async Task RefusedAsync(Func<Task<HttpResponseMessage>> call, TimeSpan within)
    {
        var clock = Stopwatch.StartNew();
        using var response = await call();
        var elapsed = clock.Elapsed;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.EndsWith(":unavailable", (await response.Content.ReadFromJsonAsync<ProblemDetails>())!.Type, StringComparison.Ordinal);
        Assert.True(
            elapsed < within, $"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri!.AbsolutePath} took {elapsed}");
    }

    private async Task RecoversAsync(JobManagerProcess manager, JobId known)
    {
        var clock = Stopwatch.StartNew();
        await Until.TrueAsync("the store is used again", Recovery, async () =>
        {
            using var response = await manager.GetAsync(known);
            return response.StatusCode == HttpStatusCode.Accepted;
        });
        output.WriteLine($"used again after {clock.ElapsedMilliseconds} ms");
    }
}
