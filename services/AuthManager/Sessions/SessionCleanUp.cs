using ImageEditor.AuthManager.Database;
using Microsoft.Extensions.Options;

namespace ImageEditor.AuthManager.Sessions;

/// <summary>Removes expired sessions at an interval. Any number of replicas may do it at once.</summary>
internal sealed class SessionCleanUp(
    DatabaseMigration migration,
    IServiceScopeFactory scopes,
    IOptions<SessionsOptions> options,
    TimeProvider time,
    ILogger<SessionCleanUp> logger)
    : PeriodicDatabaseWorker(options.Value.CleanUpInterval, migration, scopes, time, logger)
{
    protected override Task WorkAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<SessionService>().CleanUpAsync(cancellationToken);
}
