using Microsoft.Extensions.DependencyInjection;

namespace ImageEditor.AppHost.Local;

internal static class ConnectionChecks
{
    /// <summary>Adds a health check that needs the resource's connection string, which is known once its port is.</summary>
    public static void AddConnectionCheck(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceWithConnectionString resource,
        Action<IHealthChecksBuilder, Func<string>> add)
    {
        string? connectionString = null;
        builder.Eventing.Subscribe<ConnectionStringAvailableEvent>(resource, async (_, cancellationToken) =>
            connectionString = await resource.GetConnectionStringAsync(cancellationToken));
        add(
            builder.Services.AddHealthChecks(),
            () => connectionString ?? throw new InvalidOperationException($"The address of '{name}' is not known yet."));
    }
}
