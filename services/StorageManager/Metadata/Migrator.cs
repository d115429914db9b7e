using System.Reflection;
using Npgsql;

namespace ImageEditor.StorageManager.Metadata;

/// <summary>
/// Migrates the tables when the service starts, and retries until the database is there. Replicas that start together take turns.
/// </summary>
internal sealed partial class Migrator(NpgsqlDataSource source, Database database, TimeProvider time, ILogger<Migrator> logger)
    : BackgroundService
{
    private const string Extension = ".sql";
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await MigrateAsync(stoppingToken);
                database.MarkMigrated();
                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
            {
                Log.Waiting(logger, exception.Message);
            }

            await Task.Delay(RetryDelay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, Sql.LockMigrations, cancellationToken);
        await ExecuteAsync(connection, Sql.LimitLockWait, cancellationToken);
        await ExecuteAsync(connection, Sql.CreateMigrations, cancellationToken);
        var applied = await connection.QueryAsync(Sql.Migrations, row => row.GetString(0), cancellationToken);
        foreach (var name in MigrationNames().Except(applied).Order(StringComparer.Ordinal))
        {
            await ExecuteAsync(connection, ReadMigration(name), cancellationToken);
            await ExecuteAsync(connection, Sql.RecordMigration, cancellationToken, name);
            Log.Applied(logger, name);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string statement, CancellationToken cancellationToken, params object[] parameters)
    {
        await using var command = connection.CreateCommand(statement, parameters);

        // The second replica waits for the first, however long that takes.
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static IEnumerable<string> MigrationNames() => Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.EndsWith(Extension, StringComparison.Ordinal))
        .Select(name => name[..^Extension.Length]);

    private static string ReadMigration(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name + Extension)!);
        return reader.ReadToEnd();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The tables were changed by {Migration}", EventName = "MigrationApplied")]
        public static partial void Applied(ILogger logger, string migration);

        [LoggerMessage(LogLevel.Warning, "The gallery waits for its database: {Reason}", EventName = "DatabaseAwaited")]
        public static partial void Waiting(ILogger logger, string reason);
    }
}
