using System.Diagnostics;
using System.Net;
using Npgsql;

namespace ImageEditor.StorageManager.Tests.Metadata;

/// <summary>A database whose connections stay open, and that answers nothing.</summary>
public sealed class FrozenDatabaseTests(TestServers servers, ITestOutputHelper output)
{
    private const int Allowance = 3;
    private static readonly TimeSpan Refusal = TimeSpan.FromSeconds(2) * Allowance;
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(250) * Allowance;
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(5) * Allowance;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(90);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gallery_OfAFrozenDatabase_IsAnsweredForInTimeAndLosesNothing()
    {
        await using var installation = await servers.StartAsync();
        var replica = installation.First;
        var (owner, picture) = (Guid.NewGuid(), TestPicture.New());
        var id = await replica.SaveNewAsync(owner, TestPicture.New());

        await servers.Postgres.FreezeAsync();
        try
        {
            var calls = new Func<Task<HttpResponseMessage>>[]
            {
                () => replica.GetAsync("/api/gallery", owner),
                () => replica.GetAsync($"/api/gallery/{id}/original", owner),
                () => replica.GetAsync("/api/gallery.zip", owner),
                () => replica.SendAsync(HttpMethod.Delete, $"/api/gallery/{Guid.NewGuid()}", owner),
                () => replica.SendAsync(
                    HttpMethod.Put, $"/pictures/{owner}/{picture.JobId}", null, request => request.Content = picture.Form()),
            };
            await Task.WhenAll(calls.Select(call => RefusedAsync(call, Refusal)));
            foreach (var call in calls)
            {
                await RefusedAsync(call, AtOnce);
            }

            Assert.Equal(HttpStatusCode.OK, await replica.StatusOfAsync("/health"));
        }
        finally
        {
            servers.Postgres.Thaw();
        }

        await RecoversAsync(async () => await replica.StatusAsync(HttpMethod.Get, "/api/gallery", owner) == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.NoContent, await replica.SaveAsync(owner, picture));
        Assert.Equal(2, (await replica.ListAsync(owner)).Count);
    }

    [Fact]
    public async Task Save_FrozenInItsMiddle_IsRepeatedAndSavedOnce()
    {
        await using var installation = await servers.StartAsync(settings: ("Gallery__SweepInterval", "00:00:00.2"));
        var (owner, picture) = (Guid.NewGuid(), TestPicture.New());
        using var save = await PausedSave.StartAsync(installation, installation.First, owner, picture);
        await servers.Postgres.FreezeAsync();
        try
        {
            var clock = Stopwatch.StartNew();
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await save.ReleaseAsync());
            Assert.True(clock.Elapsed < Refusal, $"It took {clock.Elapsed}.");
        }
        finally
        {
            servers.Postgres.Thaw();
        }

        await RecoversAsync(async () => await installation.First.SaveAsync(owner, picture) == HttpStatusCode.NoContent);
        var item = Assert.Single(await installation.First.ListAsync(owner));
        var id = item.GetProperty("id").GetGuid();
        Assert.Equal(picture.Original, await installation.First.BytesAsync($"/api/gallery/{id}/original", owner));

        // Whichever of the two counted, the other one's images go.
        await installation.ExecuteAsync("update uploads set due_at = now() where owner = $1", owner);
        await Until.TrueAsync("the other try's images are gone", Timeout, () => Task.FromResult(
            installation.Storage.Keys(owner).All(key => key.Contains($"/{id:N}/", StringComparison.Ordinal))), Cancel);
        Assert.Equal(picture.Converted, await installation.First.BytesAsync($"/api/gallery/{id}/converted", owner));
    }

    [Fact]
    public async Task Query_ThatIsHeldUpWhileTheDatabaseAnswersOthers_IsWaitedFor()
    {
        await using var installation = await servers.StartAsync();
        var owner = Guid.NewGuid();
        await using var connection = await installation.Database.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await using (var command = new NpgsqlCommand("lock table pictures", connection))
        {
            await command.ExecuteNonQueryAsync(Cancel);
        }

        var list = installation.First.StatusAsync(HttpMethod.Get, "/api/gallery", owner);
        await Assert.ThrowsAsync<TimeoutException>(() => list.WaitAsync(Refusal, Cancel));
        await transaction.RollbackAsync(Cancel);

        Assert.Equal(HttpStatusCode.OK, await list);
    }

    private static async Task RefusedAsync(Func<Task<HttpResponseMessage>> call, TimeSpan within)
    {
        var clock = Stopwatch.StartNew();
        using var response = await call();
        var elapsed = clock.Elapsed;
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, "unavailable"),
            await StorageManagerProcess.ProblemAsync(response) is var (status, type, _) ? (status, type) : default);
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
