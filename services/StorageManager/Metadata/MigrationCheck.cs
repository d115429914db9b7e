using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageEditor.StorageManager.Metadata;

/// <summary>
/// Ready once the tables have been there. From then on a database that is away does not make the replica unready: it answers 503 with the reason by
/// itself, which is more than a replica that was taken out could do.
/// </summary>
internal sealed class MigrationCheck(Database database) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        database.IsMigrated ? HealthCheckResult.Healthy() : new HealthCheckResult(context.Registration.FailureStatus, "The database has not answered yet."));
}
