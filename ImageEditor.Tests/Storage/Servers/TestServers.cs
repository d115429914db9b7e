namespace ImageEditor.Tests.Storage.Servers;

/// <summary>The servers that all tests share, and two replicas on each image storage with default settings for tests that need nothing else. Each test has owners of its own.</summary>
public sealed class TestServers : IAsyncLifetime
{
    private readonly Dictionary<StorageKind, Installation> _shared = [];

    public PostgresServer Postgres { get; } = new();

    public S3Server S3 { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await Postgres.InitializeAsync();
        await S3.InitializeAsync();
    }

    /// <summary>The replicas that tests share.</summary>
    internal async Task<Installation> SharedAsync(StorageKind kind = StorageKind.FileSystem) =>
        _shared.TryGetValue(kind, out var installation) ? installation : _shared[kind] = await StartAsync(kind, replicas: 2);

    /// <summary>Starts replicas on a database of their own.</summary>
    internal Task<Installation> StartAsync(StorageKind kind = StorageKind.FileSystem, int replicas = 1, params (string Name, string Value)[] settings) =>
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
