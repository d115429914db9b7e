using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageEditor.AuthManager.Keys;

/// <summary>A replica is ready once it has the keys that it signs with.</summary>
internal sealed class SigningKeysCheck(KeyRing ring) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(ring.IsLoaded ? HealthCheckResult.Healthy() : new HealthCheckResult(context.Registration.FailureStatus, "The signing keys have not been read yet."));
}
