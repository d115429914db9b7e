namespace ImageEditor.AuthManager.Data;

/// <summary>Does something with the database again and again, from its first migration on; a database that is away is tried again.</summary>
internal abstract partial class DatabaseWorker(TimeSpan interval, DatabaseMigration migration, IServiceScopeFactory scopes, TimeProvider time, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(2);

    /// <summary>Tells the time.</summary>
    protected TimeProvider Time => time;

    /// <summary>Does the work once.</summary>
    protected abstract Task WorkAsync(IServiceProvider services, CancellationToken cancellationToken);

    /// <summary>Waits for the next time.</summary>
    protected virtual Task PauseAsync(CancellationToken cancellationToken) => Task.Delay(interval, time, cancellationToken);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await migration.Done.WaitAsync(stoppingToken);
            while (true)
            {
                if (await TryAsync(stoppingToken))
                {
                    await PauseAsync(stoppingToken);
                }
                else
                {
                    await Task.Delay(AfterFailure, time, stoppingToken);
                }
            }
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
            await using var scope = scopes.CreateAsyncScope();
            await WorkAsync(scope.ServiceProvider, cancellationToken);
            return true;
        }
        catch (Exception exception) when (DatabaseProblems.IsUnavailable(exception))
        {
            Log.Unavailable(logger, GetType().Name, exception.GetBaseException().Message);
            return false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A fault of ours in the housekeeping; those who sign in can still be served.
            Log.Failed(logger, GetType().Name, exception);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Worker} waits for the accounts' database: {Reason}", EventName = "DatabaseUnavailable")]
        public static partial void Unavailable(ILogger logger, string worker, string reason);

        [LoggerMessage(LogLevel.Error, "{Worker} failed", EventName = "WorkerFailed")]
        public static partial void Failed(ILogger logger, string worker, Exception exception);
    }
}
