using ImageEditor.ServiceDefaults.Stores;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ImageEditor.JobManager.Store;

/// <summary>Asks the job store whether it is there, on a connection of its own.</summary>
internal sealed class JobStoreProbe(IOptions<ConfigurationOptions> options) : IStoreProbe, IAsyncDisposable
{
    private readonly Lazy<Task<ConnectionMultiplexer>> _connection = new(() => ConnectAsync(options.Value.Clone()));

    public string Store => "job-store";

    public async Task PingAsync(CancellationToken cancellationToken) => await (await _connection.Value).GetDatabase().PingAsync();

    public async ValueTask DisposeAsync()
    {
        if (_connection.IsValueCreated)
        {
            await (await _connection.Value).DisposeAsync();
        }
    }

    private static Task<ConnectionMultiplexer> ConnectAsync(ConfigurationOptions options)
    {
        // So that a dead connection is soon replaced. The other connections log.
        options.AsyncTimeout = options.SyncTimeout = options.ConnectTimeout = (int)StoreWatch.ProbeTimeout.TotalMilliseconds;
        options.LoggerFactory = null;
        options.CommandMap = CommandMap.Create(["SUBSCRIBE"], available: false);
        return ConnectionMultiplexer.ConnectAsync(options);
    }
}
