using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.ServiceDiscovery.Http;

namespace ImageEditor.ServiceDefaults.Http;

/// <summary>HTTP clients for other services. Each service, converters included, has one address, behind which are its replicas.</summary>
public static class ServiceClients
{
    /// <summary>On a network that drops packets, two tries must fit into the two seconds that a client waits.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);

    /// <summary>A connection stays with its replica, so that new replicas get their share only when old connections end.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromSeconds(30);

    /// <summary>Adds a named client for a core service: the address <c>http://{name}</c>, and the installation's key.</summary>
    /// <returns>The client's builder.</returns>
    public static IHttpClientBuilder AddServiceClient(this IHostApplicationBuilder builder, string name)
    {
        var key = InternalKey.GetRequired(builder.Configuration);
        return builder.Services.AddHttpClient(name, client =>
        {
            client.BaseAddress = new Uri($"http://{name}");
            client.DefaultRequestHeaders.Add(ServiceHeaders.InternalKey, key);
        });
    }

    /// <summary>
    /// Creates a handler that calls services as every HTTP client does: by name, and with an error at once when one is down.
    /// </summary>
    /// <param name="services">The application's services, with service defaults added.</param>
    /// <param name="inner">Sends a request to the resolved address.</param>
    public static DelegatingHandler CreateServiceHandler(this IServiceProvider services, HttpMessageHandler inner) =>
        new ServiceHandler(services.GetRequiredService<ServiceMonitors>())
        {
            InnerHandler = services.GetRequiredService<IServiceDiscoveryHttpMessageHandlerFactory>().CreateHandler(inner),
        };

    /// <summary>Configures connections to services.</summary>
    public static void ConfigureForServices(this SocketsHttpHandler handler)
    {
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.UseProxy = false;
        handler.ConnectTimeout = ConnectTimeout;
        handler.PooledConnectionLifetime = ConnectionLifetime;
        handler.RequestHeaderEncodingSelector = static (_, _) => HeaderEncoding.EveryByte;
    }

    /// <summary>Lets every HTTP client of the process call services by name, and fail at once when one is down.</summary>
    internal static void AddServiceCalls(this IServiceCollection services)
    {
        services.AddServiceDiscovery();
        services.AddSingleton<HealthProbe>();
        services.AddSingleton<ServiceMonitors>();
        services.ConfigureHttpClientDefaults(http => http
            .ConfigurePrimaryHttpMessageHandler(() =>
            {
                var handler = new SocketsHttpHandler();
                handler.ConfigureForServices();
                return handler;
            })
            .AddHttpMessageHandler(provider => new ServiceHandler(provider.GetRequiredService<ServiceMonitors>()))
            .AddServiceDiscovery());
    }
}
