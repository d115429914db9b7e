using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Processes;

namespace Aspire.Hosting.Running;

/// <summary>Gives every replica its address at every endpoint, before anything starts.</summary>
internal sealed class EndpointAllocator(PortReservations ports, HostSettings settings)
{
    private const string Loopback = "127.0.0.1";

    public void Allocate(IEnumerable<IResource> resources)
    {
        foreach (var resource in resources)
        {
            foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
            {
                endpoint.Replicas = [.. Replica.Of(resource).Select(_ => Allocate(resource, endpoint))];
            }
        }
    }

    private AllocatedEndpoint Allocate(IResource resource, EndpointAnnotation endpoint)
    {
        // Tests run side by side, so they get free ports whatever the model says.
        if (settings.IsTest || (endpoint.Port ?? endpoint.TargetPort) is not { } port)
        {
            // Certificates are made for localhost. Plain endpoints name the one address that is reserved.
            var secure = endpoint.UriScheme == "https";
            return new AllocatedEndpoint(endpoint, secure ? "localhost" : Loopback, ports.ReserveFree(bothFamilies: secure));
        }

        return ports.TryReserve(port)
            ? new AllocatedEndpoint(endpoint, endpoint.UriScheme is "http" or "https" ? "localhost" : Loopback, port)
            : throw new DistributedApplicationException(
                $"Port {port} of resource '{resource.Name}' (endpoint '{endpoint.Name}') is in use: another process listens there.");
    }
}
