using ImageEditor.ServiceDefaults.Health;
using Microsoft.Extensions.DependencyInjection;

namespace ImageEditor.ServiceDefaults.Stores;

/// <summary>Watching a service's store.</summary>
public static class StoreServices
{
    /// <summary>Adds a <see cref="StoreWatch"/>, and makes the service ready once the store has answered; a store that goes away later changes nothing in that.</summary>
    /// <typeparam name="TProbe">Asks the store.</typeparam>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddStoreWatch<TProbe>(this IServiceCollection services)
        where TProbe : class, IStoreProbe
    {
        services.AddSingleton<IStoreProbe, TProbe>();
        services.AddSingleton<StoreWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<StoreWatch>());
        services.AddHealthChecks().AddOnce<StoreWatch>("store", watch => watch.IsMet, "The store has not answered since this process started.");
        return services;
    }
}
