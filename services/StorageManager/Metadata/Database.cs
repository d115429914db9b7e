using ImageEditor.ServiceDefaults.Stores;
using ImageEditor.StorageManager.Pictures;
using Npgsql;

namespace ImageEditor.StorageManager.Metadata;

/// <summary>Runs queries on the metadata. Every failure of the database becomes a <see cref="MetadataUnavailableException"/>.</summary>
internal sealed class Database(NpgsqlDataSource source, StoreWatch watch)
{
    /// <summary>The name of the connection string.</summary>
    public const string ConnectionName = "metadata";

    private volatile bool _isMigrated;

    /// <summary>Whether the tables have been there at least once since this process started.</summary>
    public bool IsMigrated => _isMigrated;

    /// <summary>Allows queries from now on.</summary>
    public void MarkMigrated() => _isMigrated = true;

    /// <summary>Runs queries on a connection from the pool.</summary>
    /// <remarks>Queries that are abandoned because the database is silent may still be executed.</remarks>
    /// <exception cref="MetadataUnavailableException">The database did not answer, or its tables are not there yet.</exception>
    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> queries, CancellationToken cancellationToken)
    {
        if (!_isMigrated)
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
        catch (NpgsqlException exception) when (!IsProgrammingError(exception))
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
    public Task<int> ExecuteAsync(string statement, CancellationToken cancellationToken, params object[] parameters) =>
        RunAsync(connection => connection.ExecuteAsync(statement, cancellationToken, parameters), cancellationToken);

    /// <summary>Runs one query.</summary>
    /// <returns>What was read from each row.</returns>
    /// <exception cref="MetadataUnavailableException">The database did not answer.</exception>
    public Task<List<T>> QueryAsync<T>(
        string query, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params object[] parameters) =>
        RunAsync(connection => connection.QueryAsync(query, read, cancellationToken, parameters), cancellationToken);

    /// <summary>Runs one statement on all that an owner has, while nothing of that owner is saved.</summary>
    /// <returns>How many rows it changed.</returns>
    /// <exception cref="MetadataUnavailableException">The database did not answer.</exception>
    public Task<int> ExecuteForOwnerAsync(string statement, Owner owner, TimeSpan timeout, CancellationToken cancellationToken) => RunAsync(
        async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await connection.ExecuteAsync(Sql.LockOwner, cancellationToken, owner.Id);
            await using var change = connection.CreateCommand(statement, owner.Id);

            // A large gallery takes longer than other statements may take.
            change.CommandTimeout = (int)timeout.TotalSeconds;
            var changed = await change.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return changed;
        },
        cancellationToken);

    // Bad data (22), broken constraints (23) and bad statements (42): trying again would not help.
    private static bool IsProgrammingError(NpgsqlException exception) => exception.SqlState is ['2', '2' or '3', ..] or ['4', '2', ..];
}
