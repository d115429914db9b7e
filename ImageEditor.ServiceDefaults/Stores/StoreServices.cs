using ImageEditor.ServiceDefaults.Health;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ImageEditor.ServiceDefaults.Stores;

/// <summary>Adds the watch over a service's store.</summary>
public static class StoreServices
{
    private const int ConnectTimeoutSeconds = 3;
    private const int CommandTimeoutSeconds = 10;

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
        return services.AddWatch();
    }

    /// <summary>Adds a <see cref="StoreWatch"/> over a PostgreSQL database, as <see cref="AddStoreWatch{TProbe}"/> does.</summary>
    /// <param name="services">They hold the database's <see cref="NpgsqlDataSource"/>.</param>
    /// <param name="connectionName">The name of its connection string, and of the store.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddPostgresWatch(this IServiceCollection services, string connectionName)
    {
        services.AddSingleton<IStoreProbe>(provider => ActivatorUtilities.CreateInstance<PostgresProbe>(provider, connectionName));
        return services.AddWatch();
    }

    /// <summary>Bounds how long a service waits for its PostgreSQL database, and names the data source in metrics.</summary>
    /// <param name="source">The data source.</param>
    /// <param name="connectionName">The name of its connection string, which the data source has in metrics instead of the string.</param>
    public static void ApplyServiceDefaults(this NpgsqlDataSourceBuilder source, string connectionName)
    {
        source.Name = connectionName;
        source.ConnectionStringBuilder.Timeout = ConnectTimeoutSeconds;
        source.ConnectionStringBuilder.CommandTimeout = CommandTimeoutSeconds;
    }

    private static IServiceCollection AddWatch(this IServiceCollection services)
    {
        services.AddSingleton<StoreWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<StoreWatch>());
        services.AddHealthChecks().AddReadyOnce<StoreWatch>(
            "store", watch => watch.HasAnswered, "The store has not answered since this process started.");
        return services;
    }
}
