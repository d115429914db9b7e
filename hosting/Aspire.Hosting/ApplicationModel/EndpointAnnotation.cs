using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>An endpoint that a resource listens on.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    /// <summary>Describes an endpoint.</summary>
    /// <param name="protocol">TCP, always.</param>
    /// <param name="uriScheme">The scheme of its URL; <c>tcp</c> when null.</param>
    /// <param name="transport">The protocol on top; the scheme when null.</param>
    /// <param name="name">Its name; the scheme when null.</param>
    /// <param name="port">The port that others see; null for a free one.</param>
    /// <param name="targetPort">The port that the process listens on; the same when null.</param>
    /// <param name="isExternal">Whether it is reached from outside.</param>
    /// <param name="isProxied">Accepted for compatibility: there is no proxy.</param>
    public EndpointAnnotation(
        ProtocolType protocol,
        string? uriScheme = null,
        string? transport = null,
        string? name = null,
        int? port = null,
        int? targetPort = null,
        bool? isExternal = null,
        bool isProxied = true)
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? "tcp";
        Transport = transport ?? UriScheme;
        Name = name ?? UriScheme;
        Port = port;
        TargetPort = targetPort;
        IsExternal = isExternal ?? false;
        IsProxied = isProxied;
    }

    /// <summary>The network protocol.</summary>
    public ProtocolType Protocol { get; }

    /// <summary>The scheme of the URL.</summary>
    public string UriScheme { get; set; }

    /// <summary>The protocol on top of TCP.</summary>
    public string Transport { get; set; }

    /// <summary>The name, unique in the resource.</summary>
    public string Name { get; }

    /// <summary>The port that others see; null for a free one.</summary>
    public int? Port { get; set; }

    /// <summary>The port that the process listens on; null when it is the same.</summary>
    public int? TargetPort { get; set; }

    /// <summary>Whether it is reached from outside.</summary>
    public bool IsExternal { get; set; }

    /// <summary>Accepted for compatibility: there is no proxy.</summary>
    public bool IsProxied { get; set; }

    /// <summary>The address of the first replica; null before the application starts.</summary>
    public AllocatedEndpoint? AllocatedEndpoint => Replicas.Count > 0 ? Replicas[0] : null;

    /// <summary>The environment variable that tells the process its port; null for none.</summary>
    internal string? PortVariable { get; init; }

    /// <summary>The address of each replica; empty before the application starts.</summary>
    internal IReadOnlyList<AllocatedEndpoint> Replicas { get; set; } = [];
}
