using System.Net;
using ImageEditor.Testing.Systems;

namespace ImageEditor.StorageManager.Tests.Servers;

/// <summary>
/// The servers that all tests share, and two replicas on each image storage with default settings for tests that need nothing else. Each
/// test has owners of its own.
/// </summary>
public sealed class TestServers : IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(90);

    private readonly Dictionary<StorageKind, Installation> _shared = [];

    public PostgresServer Postgres { get; } = new();

    public S3Server S3 { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await Postgres.StartAsync();
        await S3.InitializeAsync();
    }

    /// <summary>
    /// Starts a stopped Postgres again, and waits until the replicas that tests share have noticed: their first requests after an outage
    /// may meet connections that it broke.
    /// </summary>
    internal async Task StartPostgresAsync()
    {
        await Postgres.StartAsync();
        foreach (var replica in _shared.Values.SelectMany(installation => installation.Replicas))
        {
            // Side by side, so that every connection in the replica's pool is used.
            await Until.TrueAsync("a shared replica is back", Timeout, async () =>
            {
                var calls = Enumerable.Range(0, 16).Select(_ => replica.StatusAsync(HttpMethod.Get, "/api/gallery", Guid.NewGuid()));
                return (await Task.WhenAll(calls)).All(status => status == HttpStatusCode.OK);
            });
        }
    }

    /// <summary>The replicas that tests share.</summary>
    internal async Task<Installation> SharedAsync(StorageKind kind = StorageKind.FileSystem) =>
        _shared.TryGetValue(kind, out var installation) ? installation : _shared[kind] = await StartAsync(kind, replicas: 2);

    /// <summary>Starts replicas on a database of their own.</summary>
    internal Task<Installation> StartAsync(
        StorageKind kind = StorageKind.FileSystem, int replicas = 1, params (string Name, string Value)[] settings) =>
        Installation.StartAsync(Postgres, S3, kind, replicas, settings);

    public async ValueTask DisposeAsync()
    {
        foreach (var installation in _shared.Values)
        {
            await installation.DisposeAsync();
        }

        await S3.DisposeAsync();
        await Postgres.DisposeAsync();
    }
}
