using ImageEditor.ServiceDefaults.Stores;
using Npgsql;

namespace ImageEditor.StorageManager.Metadata;

/// <summary>Asks the gallery's database whether it is there, with a new connection each time.</summary>
internal sealed class MetadataProbe(NpgsqlDataSource source, IConfiguration configuration) : IStoreProbe, IAsyncDisposable
{
    // The data source keeps its password to itself.
    private readonly NpgsqlDataSource _unpooled = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(configuration.GetConnectionString(Database.ConnectionName))
        {
            Pooling = false,
            ApplicationName = "probe",
        });

    public string Store => "metadata";

    public async Task PingAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _unpooled.OpenConnectionAsync(cancellationToken);
    }

    public void Returned() => source.Clear();

    public ValueTask DisposeAsync() => _unpooled.DisposeAsync();
}
