namespace ImageEditor.AuthManager.Database;

/// <summary>Does some work on the database at an interval, after its migration. It retries while the database cannot be reached.</summary>
internal abstract partial class PeriodicDatabaseWorker(
    TimeSpan interval, DatabaseMigration migration, IServiceScopeFactory scopes, TimeProvider time, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    /// <summary>The clock.</summary>
    protected TimeProvider Time => time;

    /// <summary>Does the work once.</summary>
    protected abstract Task WorkAsync(IServiceProvider services, CancellationToken cancellationToken);

    /// <summary>Waits for the next time.</summary>
    protected virtual Task WaitAsync(CancellationToken cancellationToken) => Task.Delay(interval, time, cancellationToken);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await migration.Completed.WaitAsync(stoppingToken);
            while (true)
            {
                if (await TryWorkAsync(stoppingToken))
                {
                    await WaitAsync(stoppingToken);
                }
                else
                {
                    await Task.Delay(RetryDelay, time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    private async Task<bool> TryWorkAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await WorkAsync(scope.ServiceProvider, cancellationToken);
            return true;
        }
        catch (Exception exception) when (TransientErrors.IsTransient(exception))
        {
            Log.Unavailable(logger, GetType().Name, exception.GetBaseException().Message);
            return false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // An error in the background must not keep the service from answering requests.
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
