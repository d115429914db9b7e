using ImageEditor.ServiceDefaults.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.ServiceDiscovery;

namespace ImageEditor.ServiceDefaults.Http;

/// <summary>HTTP clients for other services.</summary>
public static class ServiceClients
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Adds a named client for a core service: the address <c>http://{name}</c>, fail-over between replicas, and the installation's key.</summary>
    /// <returns>The client's builder.</returns>
    public static IHttpClientBuilder AddServiceClient(this IHostApplicationBuilder builder, string name)
    {
        var key = InternalKey.Required(builder.Configuration);
        return builder.Services.AddHttpClient(name, client =>
        {
            client.BaseAddress = new Uri($"http://{name}");
            client.DefaultRequestHeaders.Add(InternalKey.Header, key);
        });
    }

    /// <summary>Makes a handler that finds a service's replicas by its name and fails over between them.</summary>
    /// <param name="services">The application's services, with service defaults added.</param>
    /// <param name="inner">What sends a request to the replica that was chosen.</param>
    public static DelegatingHandler CreateReplicaHandler(this IServiceProvider services, HttpMessageHandler? inner = null)
    {
        var handler = new ReplicaHandler(services.GetRequiredService<ServiceEndpointResolver>(), services.GetRequiredService<ReplicaRotation>());
        if (inner is not null)
        {
            handler.InnerHandler = inner;
        }

        return handler;
    }

    /// <summary>Gives every client of the process fail-over between replicas.</summary>
    internal static void AddReplicaFailover(this IServiceCollection services)
    {
        services.AddServiceDiscovery();
        services.AddSingleton<ReplicaRotation>();
        services.ConfigureHttpClientDefaults(http => http
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                ConnectTimeout = ConnectTimeout,
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
            })
            .AddHttpMessageHandler(provider => provider.CreateReplicaHandler()));
    }
}
