namespace Aspire.Hosting.ApplicationModel;

/// <summary>A part of an endpoint's address.</summary>
public enum EndpointProperty
{
    /// <summary>The URL.</summary>
    Url,

    /// <summary>The host.</summary>
    Host,

    /// <summary>The IPv4 address of the host.</summary>
    IPV4Host,

    /// <summary>The port that others see.</summary>
    Port,

    /// <summary>The scheme of the URL.</summary>
    Scheme,

    /// <summary>The port that the process listens on.</summary>
    TargetPort,

    /// <summary>Host and port, joined by a colon.</summary>
    HostAndPort,
}
