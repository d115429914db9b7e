using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Adds an endpoint for HTTP.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="port">The port; a free one when null.</param>
    /// <param name="targetPort">The port that the process listens on: the same, since there is no proxy.</param>
    /// <param name="name">The endpoint's name; <c>http</c> when null.</param>
    /// <param name="env">The environment variable that tells the process its port.</param>
    /// <param name="isProxied">Accepted for compatibility: there is no proxy.</param>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder,
        int? port = null,
        int? targetPort = null,
        string? name = null,
        string? env = null,
        bool? isProxied = null)
        where T : IResourceWithEndpoints => builder.WithEndpoint("http", port, targetPort, name, env, isProxied);

    /// <summary>Adds an endpoint for HTTPS.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="port">The port; a free one when null.</param>
    /// <param name="targetPort">The port that the process listens on: the same, since there is no proxy.</param>
    /// <param name="name">The endpoint's name; <c>https</c> when null.</param>
    /// <param name="env">The environment variable that tells the process its port.</param>
    /// <param name="isProxied">Accepted for compatibility: there is no proxy.</param>
    public static IResourceBuilder<T> WithHttpsEndpoint<T>(
        this IResourceBuilder<T> builder,
        int? port = null,
        int? targetPort = null,
        string? name = null,
        string? env = null,
        bool? isProxied = null)
        where T : IResourceWithEndpoints => builder.WithEndpoint("https", port, targetPort, name, env, isProxied);

    /// <summary>Marks the resource's HTTP endpoints as reached from outside.</summary>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints
    {
        foreach (var endpoint in builder.Resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.UriScheme is "http" or "https"))
        {
            endpoint.IsExternal = true;
        }

        return builder;
    }

    /// <summary>An endpoint of the resource, which may be described later.</summary>
    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name)
        where T : IResourceWithEndpoints => builder.Resource.GetEndpoint(name);

    private static IResourceBuilder<T> WithEndpoint<T>(
        this IResourceBuilder<T> builder, string scheme, int? port, int? targetPort, string? name, string? env, bool? isProxied)
        where T : IResourceWithEndpoints
    {
        var endpoint = new EndpointAnnotation(ProtocolType.Tcp, scheme, name: name, port: port, targetPort: targetPort, isProxied: isProxied ?? true)
        {
            PortVariable = env,
        };
        if (builder.Resource.Annotations.OfType<EndpointAnnotation>().Any(e => string.Equals(e.Name, endpoint.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new DistributedApplicationException($"Resource '{builder.Resource.Name}' has two endpoints named '{endpoint.Name}'.");
        }

        return builder.WithAnnotation(endpoint);
    }
}
