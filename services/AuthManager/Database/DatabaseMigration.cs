using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ImageEditor.AuthManager.Database;

/// <summary>
/// Migrates the database when the service starts, and retries until it is there. Replicas that start together take turns.
/// </summary>
internal sealed partial class DatabaseMigration(
    IServiceScopeFactory scopes, NpgsqlDataSource source, TimeProvider time, ILogger<DatabaseMigration> logger) : BackgroundService
{
    // Any number that nothing else in this database uses.
    private const long MigrationLock = 0x6d69_6772;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MigrationTimeout = TimeSpan.FromMinutes(10);

    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the database is migrated.</summary>
    public Task Completed => _completed.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!await TryMigrateAsync(stoppingToken))
            {
                await Task.Delay(RetryDelay, time, stoppingToken);
            }

            _completed.SetResult();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    private async Task<bool> TryMigrateAsync(CancellationToken cancellationToken)
    {
        try
        {
            // The server releases this lock with the connection, however this process ends.
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT pg_advisory_lock($1)";
            command.CommandTimeout = (int)MigrationTimeout.TotalSeconds;
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = MigrationLock });
            await command.ExecuteNonQueryAsync(cancellationToken);
            await using (var scope = scopes.CreateAsyncScope())
            {
                var database = scope.ServiceProvider.GetRequiredService<AccountsContext>();
                database.Database.SetCommandTimeout(MigrationTimeout);
                await database.Database.MigrateAsync(cancellationToken);
            }

            command.CommandText = "SELECT pg_advisory_unlock($1)";
            await command.ExecuteNonQueryAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (TransientErrors.IsTransient(exception))
        {
            Log.Waiting(logger, exception.GetBaseException().Message);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The accounts' database cannot be migrated yet: {Reason}", EventName = "MigrationWaits")]
        public static partial void Waiting(ILogger logger, string reason);
    }
}
