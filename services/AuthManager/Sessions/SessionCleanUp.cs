using ImageEditor.AuthManager.Data;
using Microsoft.Extensions.Options;

namespace ImageEditor.AuthManager.Sessions;

/// <summary>Removes expired sessions now and then. Any number of replicas may do it at once.</summary>
internal sealed class SessionCleanUp(DatabaseMigration migration, IServiceScopeFactory scopes, IOptions<SessionsOptions> options, TimeProvider time, ILogger<SessionCleanUp> logger)
    : DatabaseWorker(options.Value.CleanUpInterval, migration, scopes, time, logger)
{
    protected override Task WorkAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<SessionService>().CleanUpAsync(cancellationToken);
}
