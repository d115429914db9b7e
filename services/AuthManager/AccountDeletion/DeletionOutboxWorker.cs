using ImageEditor.AuthManager.Clients;
using ImageEditor.AuthManager.Database;
using Microsoft.EntityFrameworkCore;

namespace ImageEditor.AuthManager.AccountDeletion;

/// <summary>Reports deleted accounts to StorageManager until each is confirmed. Any number of replicas may do it at once.</summary>
internal sealed partial class DeletionOutboxWorker(
    StorageManagerClient storage,
    OutboxSignal signal,
    DatabaseMigration migration,
    IServiceScopeFactory scopes,
    TimeProvider time,
    ILogger<DeletionOutboxWorker> logger)
    : PeriodicDatabaseWorker(Interval, migration, scopes, time, logger)
{
    private const int BatchSize = 20;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromMinutes(5);

    protected override Task WaitAsync(CancellationToken cancellationToken) => signal.WaitAsync(Interval, cancellationToken);

    protected override async Task WorkAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var database = services.GetRequiredService<AccountsContext>();
        var now = Time.GetUtcNow();
        var due = await database.Deletions.AsNoTracking()
            .Where(row => row.NextTryAt <= now)
            .OrderBy(row => row.NextTryAt)
            .Take(BatchSize)
            .ToListAsync(cancellationToken);
        foreach (var deletion in due)
        {
            try
            {
                // Two replicas may call for the same account: one confirmation is enough.
                await storage.DeleteOwnerAsync(deletion.User, cancellationToken);
                await database.Deletions.Where(row => row.User == deletion.User).ExecuteDeleteAsync(cancellationToken);
                Log.Delivered(logger, deletion.User);
            }
            catch (Exception exception)
                when (exception is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                var delay = TimeSpan.FromSeconds(Math.Min(MaxRetryDelay.TotalSeconds, Math.Pow(2, Math.Min(deletion.Tries, 10))));
                var nextTry = Time.GetUtcNow() + delay;
                await database.Deletions.Where(row => row.User == deletion.User).ExecuteUpdateAsync(
                    row => row
                        .SetProperty(value => value.NextTryAt, nextTry)
                        .SetProperty(value => value.Tries, value => value.Tries + 1),
                    cancellationToken);
                Log.NotDelivered(logger, deletion.User, delay, exception.Message);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The pictures of deleted account {User} are gone", EventName = "DeletionDelivered")]
        public static partial void Delivered(ILogger logger, Guid user);

        [LoggerMessage(
            LogLevel.Warning,
            "The pictures of deleted account {User} could not be removed; tried again in {Delay}: {Reason}",
            EventName = "DeletionNotDelivered")]
        public static partial void NotDelivered(ILogger logger, Guid user, TimeSpan delay, string reason);
    }
}
