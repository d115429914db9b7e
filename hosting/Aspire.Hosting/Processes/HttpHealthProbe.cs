using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Processes;

/// <summary>A replica is healthy when a GET is answered with the status it should be.</summary>
internal static class HttpHealthProbe
{
    // Addresses are this machine's own and the certificate may be any: health is not a question of trust.
    private static readonly HttpClient Client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null },
    });

    public static HealthProbeAnnotation Create(IResourceWithEndpoints resource, string path, int statusCode, string? endpointName) =>
        new($"{resource.Name}_{endpointName ?? "http"}_{path}_{statusCode}_check", async (replica, cancellationToken) =>
        {
            var address = new Uri(new Uri(Find(replica, endpointName).UriString), path);
            using var response = await Client.GetAsync(address, cancellationToken);
            return (int)response.StatusCode == statusCode ? null : $"GET {address} answered {(int)response.StatusCode}, not {statusCode}";
        });

    /// <summary>The endpoint to ask, by name; without a name, HTTP goes before HTTPS.</summary>
    public static EndpointAnnotation? Find(IResource resource, string? endpointName) =>
        resource.Annotations.OfType<EndpointAnnotation>()
            .Where(endpoint => endpointName is null
                ? endpoint.UriScheme is "http" or "https"
                : string.Equals(endpoint.Name, endpointName, StringComparison.OrdinalIgnoreCase))
            .OrderBy(endpoint => endpoint.UriScheme.Length)
            .FirstOrDefault();

    private static AllocatedEndpoint Find(Replica replica, string? endpointName) =>
        Find(replica.Resource, endpointName)?.Replicas[replica.Index]
            ?? throw new DistributedApplicationException($"Resource '{replica.Resource.Name}' has a health check on an endpoint that it does not have: '{endpointName ?? "http"}'.");
}
