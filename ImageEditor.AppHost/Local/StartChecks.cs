using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ImageEditor.AppHost.Local;

internal static class StartChecks
{
    /// <summary>Fails the start, before anything runs, when a fixed port or the data folder is in use.</summary>
    public static void CheckPortsAndData(this IDistributedApplicationBuilder builder)
    {
        builder.Services.AddSingleton(_ => DataFolder.Of(builder).Lock());
        builder.Eventing.Subscribe<BeforeStartEvent>((start, _) =>
        {
            // Ports before data: whoever starts the same application twice is told of the port, which also names the resource.
            CheckPorts(start.Model, builder);

            // Held until the application is disposed.
            start.Services.GetRequiredService<DataFolderLock>();
            return Task.CompletedTask;
        });
    }

    private static void CheckPorts(DistributedApplicationModel model, IDistributedApplicationBuilder builder)
    {
        foreach (var resource in model.Resources)
        {
            foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.Port is not null))
            {
                Check(
                    endpoint.Port!.Value,
                    $"resource '{resource.Name}' (endpoint '{endpoint.Name}')",
                    $": --Ports:{resource.Name}:{endpoint.Name}=NUMBER");
            }
        }

        // Tests have no dashboard, whatever addresses stand there for it.
        if (builder.Configuration.GetValue<bool>("DcpPublisher:RandomizePorts"))
        {
            return;
        }

        foreach (var address in (builder.Configuration["ASPNETCORE_URLS"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            Check(new Uri(address).Port, "the dashboard", " in ASPNETCORE_URLS");
        }

        foreach (var name in (string[])["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"])
        {
            if (Uri.TryCreate(builder.Configuration[name], UriKind.Absolute, out var address))
            {
                Check(address.Port, "the dashboard", $" in {name}");
            }
        }
    }

    /// <summary>Listens on the port for a moment, on every address: a listener on any of them would get in the way.</summary>
    private static void Check(int port, string user, string advice)
    {
        foreach (var address in (IPAddress[])[IPAddress.Loopback, IPAddress.Any, IPAddress.IPv6Any])
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6 && !Socket.OSSupportsIPv6)
            {
                continue;
            }

            try
            {
                using var listener = new TcpListener(address, port);
                listener.Start();
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                throw new DistributedApplicationException(
                    $"Port {port} of {user} is in use. Stop what listens there, another AppHost perhaps, or choose another port{advice}.");
            }
        }
    }
}
