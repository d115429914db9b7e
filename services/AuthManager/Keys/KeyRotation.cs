using ImageEditor.AuthManager.Data;
using Microsoft.Extensions.Options;

namespace ImageEditor.AuthManager.Keys;

/// <summary>Keeps the key ring as the database has it.</summary>
internal sealed class KeyRotation(KeyRing ring, DatabaseMigration migration, IServiceScopeFactory scopes, IOptions<KeysOptions> options, TimeProvider time, ILogger<KeyRotation> logger)
    : DatabaseWorker(options.Value.ReloadInterval, migration, scopes, time, logger)
{
    protected override Task WorkAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        ring.ReloadAsync(services.GetRequiredService<AccountsContext>(), cancellationToken);
}
