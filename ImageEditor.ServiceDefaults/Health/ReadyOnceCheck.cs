using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageEditor.ServiceDefaults.Health;

/// <summary>A check that is healthy once something has happened, and from then on.</summary>
/// <remarks>
/// When a store is lost later, the service answers 503 with the reason. If the check failed then, all replicas would be taken out together,
/// and callers would learn nothing.
/// </remarks>
public static class ReadyOnceCheck
{
    /// <summary>Adds the check.</summary>
    /// <typeparam name="T">The service that knows.</typeparam>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="hasHappened">Whether it has happened; it must stay true.</param>
    /// <param name="otherwise">A sentence that says what has not happened yet.</param>
    public static IHealthChecksBuilder AddReadyOnce<T>(
        this IHealthChecksBuilder builder, string name, Func<T, bool> hasHappened, string otherwise)
        where T : notnull =>
        builder.Add(new HealthCheckRegistration(
            name, services => new Check(hasHappened(services.GetRequiredService<T>()), otherwise), failureStatus: null, tags: null));

    private sealed class Check(bool happened, string otherwise) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(happened ? HealthCheckResult.Healthy() : new HealthCheckResult(context.Registration.FailureStatus, otherwise));
    }
}
