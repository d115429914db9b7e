using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageEditor.ServiceDefaults.Health;

/// <summary>Ready once something has happened, and from then on.</summary>
/// <remarks>
/// What a service needs may go away later: it then answers 503 with the reason, which is more than a replica could do that was taken out for what it
/// cannot help, and all its siblings with it.
/// </remarks>
public static class OnceCheck
{
    /// <summary>Adds the check.</summary>
    /// <typeparam name="T">The service that knows.</typeparam>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="hasHappened">Whether it has happened; true for good once it has.</param>
    /// <param name="otherwise">Says what is waited for.</param>
    public static IHealthChecksBuilder AddOnce<T>(this IHealthChecksBuilder builder, string name, Func<T, bool> hasHappened, string otherwise)
        where T : notnull =>
        builder.Add(new HealthCheckRegistration(name, services => new Check(hasHappened(services.GetRequiredService<T>()), otherwise), failureStatus: null, tags: null));

    private sealed class Check(bool happened, string otherwise) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(happened ? HealthCheckResult.Healthy() : new HealthCheckResult(context.Registration.FailureStatus, otherwise));
    }
}
