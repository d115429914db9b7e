using ImageEditor.ServiceDefaults.Stores;
using Npgsql;

namespace ImageEditor.StorageManager.Metadata;

/// <summary>Runs queries on the metadata. Whatever keeps the database from answering becomes a <see cref="MetadataUnavailableException"/>.</summary>
internal sealed class Database(NpgsqlDataSource source, StoreWatch watch)
{
    private volatile bool _migrated;

    /// <summary>Whether the tables have been there at least once since this process started.</summary>
    public bool IsMigrated => _migrated;

    /// <summary>Lets queries through from now on.</summary>
    public void Migrated() => _migrated = true;

    /// <summary>Runs queries on a connection from the pool. Those that are cut off because the database is silent may be carried out all the same.</summary>
    /// <exception cref="MetadataUnavailableException">The database did not answer, or its tables are not there yet.</exception>
    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> queries, CancellationToken cancellationToken)
    {
        if (!_migrated)
        {
            throw new MetadataUnavailableException("The database has not answered since this process started.");
        }

        try
        {
            return await watch.RunAsync(async _ =>
            {
                await using var connection = await source.OpenConnectionAsync(cancellationToken);
                return await queries(connection);
            });
        }
        catch (NpgsqlException exception) when (!IsOurMistake(exception))
        {
            throw new MetadataUnavailableException("The database did not answer as it should: " + exception.Message, exception);
        }
        catch (TimeoutException exception)
        {
            throw new MetadataUnavailableException("The database did not answer in time.", exception);
        }
    }

    /// <summary>Runs one statement that returns no rows.</summary>
    /// <returns>How many rows it changed.</returns>
    /// <exception cref="MetadataUnavailableException">The database did not answer.</exception>
    public Task<int> ExecuteAsync(string statement, CancellationToken cancellationToken, params object[] parameters) => RunAsync(
        async connection =>
        {
            await using var command = connection.CreateCommand(statement, parameters);
            return await command.ExecuteNonQueryAsync(cancellationToken);
        },
        cancellationToken);

    /// <summary>Runs one query.</summary>
    /// <returns>What was read from each row.</returns>
    /// <exception cref="MetadataUnavailableException">The database did not answer.</exception>
    public Task<List<T>> QueryAsync<T>(string query, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params object[] parameters) => RunAsync(
        async connection =>
        {
            await using var command = connection.CreateCommand(query, parameters);
            return await command.ReadAllAsync(read, cancellationToken);
        },
        cancellationToken);

    // Bad data (22), broken constraints (23) and bad statements (42): trying again would not help.
    private static bool IsOurMistake(NpgsqlException exception) => exception.SqlState is ['2', '2' or '3', ..] or ['4', '2', ..];
}
