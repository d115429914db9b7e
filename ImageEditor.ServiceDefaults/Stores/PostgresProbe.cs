using Microsoft.Extensions.Configuration;
using Npgsql;

namespace ImageEditor.ServiceDefaults.Stores;

/// <summary>Asks a PostgreSQL database whether it is there, with a new connection each time.</summary>
/// <remarks>When it is back, the pool's old connections are dropped.</remarks>
/// <param name="name">The database's connection string has this name.</param>
/// <param name="source">The pool that the service works with.</param>
/// <param name="configuration">Holds the connection string: the pool does not give its password away.</param>
internal sealed class PostgresProbe(string name, NpgsqlDataSource source, IConfiguration configuration) : IStoreProbe, IAsyncDisposable
{
    private readonly NpgsqlDataSource _unpooled = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(configuration.GetConnectionString(name))
        {
            Pooling = false,
            ApplicationName = "probe",
        });

    public string Store => name;

    public async Task PingAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _unpooled.OpenConnectionAsync(cancellationToken);
    }

    public void Returned() => source.Clear();

    public ValueTask DisposeAsync() => _unpooled.DisposeAsync();
}
