using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ImageEditor.AuthManager.Data;

/// <summary>Brings the database up to date, once it can be reached. Replicas that start together take turns.</summary>
internal sealed partial class DatabaseMigration(IServiceScopeFactory scopes, NpgsqlDataSource source, TimeProvider time, ILogger<DatabaseMigration> logger) : BackgroundService
{
    // Any number will do, as long as nothing else of this database uses it.
    private const long MigrationLock = 0x6d69_6772;

    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestMigration = TimeSpan.FromMinutes(10);

    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the database is up to date.</summary>
    public Task Done => _done.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!await TryAsync(stoppingToken))
            {
                await Task.Delay(AfterFailure, time, stoppingToken);
            }

            _done.SetResult();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops; the other replicas go on.
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            // A lock of the server's: it is let go with the connection, however this process ends.
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT pg_advisory_lock($1)";
            command.CommandTimeout = (int)LongestMigration.TotalSeconds;
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = MigrationLock });
            await command.ExecuteNonQueryAsync(cancellationToken);
            await using (var scope = scopes.CreateAsyncScope())
            {
                var database = scope.ServiceProvider.GetRequiredService<AccountsContext>();
                database.Database.SetCommandTimeout(LongestMigration);
                await database.Database.MigrateAsync(cancellationToken);
            }

            command.CommandText = "SELECT pg_advisory_unlock($1)";
            await command.ExecuteNonQueryAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (DatabaseProblems.IsUnavailable(exception))
        {
            Log.Waiting(logger, exception.GetBaseException().Message);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The accounts' database cannot be brought up to date yet: {Reason}", EventName = "MigrationWaits")]
        public static partial void Waiting(ILogger logger, string reason);
    }
}
