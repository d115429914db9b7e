using ImageEditor.AuthManager.Database;
using Microsoft.Extensions.Options;

namespace ImageEditor.AuthManager.Keys;

/// <summary>Reads and rotates the signing keys at an interval.</summary>
internal sealed class KeyRotation(
    KeyRing ring,
    DatabaseMigration migration,
    IServiceScopeFactory scopes,
    IOptions<KeysOptions> options,
    TimeProvider time,
    ILogger<KeyRotation> logger)
    : PeriodicDatabaseWorker(options.Value.ReloadInterval, migration, scopes, time, logger)
{
    protected override Task WorkAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        ring.RotateAndReloadAsync(services.GetRequiredService<AccountsContext>(), cancellationToken);
}
