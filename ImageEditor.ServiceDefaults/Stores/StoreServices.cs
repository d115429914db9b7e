using ImageEditor.ServiceDefaults.Health;
using Microsoft.Extensions.DependencyInjection;

namespace ImageEditor.ServiceDefaults.Stores;

/// <summary>Adds the watch over a service's store.</summary>
public static class StoreServices
{
    /// <summary>
    /// Adds a <see cref="StoreWatch"/>, and makes the service ready once the store has answered. It stays ready when the store is lost
    /// later.
    /// </summary>
    /// <typeparam name="TProbe">Probes the store.</typeparam>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddStoreWatch<TProbe>(this IServiceCollection services)
        where TProbe : class, IStoreProbe
    {
        services.AddSingleton<IStoreProbe, TProbe>();
        services.AddSingleton<StoreWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<StoreWatch>());
        services.AddHealthChecks().AddReadyOnce<StoreWatch>(
            "store", watch => watch.HasAnswered, "The store has not answered since this process started.");
        return services;
    }
}
