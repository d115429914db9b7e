using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Aspire.StackExchange.Redis;

/// <summary>Resolves the connection when the service starts, so that the first request does not wait for it.</summary>
internal sealed class ConnectionActivator(IConnectionMultiplexer connection) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => connection.GetDatabase().PingAsync(CommandFlags.FireAndForget);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
