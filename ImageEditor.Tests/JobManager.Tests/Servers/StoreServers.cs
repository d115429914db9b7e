namespace ImageEditor.JobManager.Tests.Servers;

/// <summary>One server of each kind for all tests; each test begins with it empty.</summary>
public sealed class StoreServers : IAsyncDisposable
{
    private readonly Dictionary<StoreKind, StoreServer> _servers = [];

    /// <summary>A server that is up.</summary>
    public async Task<StoreServer> GetAsync(StoreKind kind) =>
        _servers.TryGetValue(kind, out var server) ? server : _servers[kind] = await StoreServer.StartAsync(kind);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
        {
            await server.DisposeAsync();
        }
    }
}
