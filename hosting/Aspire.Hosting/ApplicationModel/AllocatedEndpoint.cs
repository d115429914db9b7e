namespace Aspire.Hosting.ApplicationModel;

/// <summary>An endpoint with its address.</summary>
public class AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port)
{
    /// <summary>The endpoint.</summary>
    public EndpointAnnotation Endpoint { get; } = endpoint;

    /// <summary>Host name or IP address.</summary>
    public string Address { get; } = address;

    /// <summary>The port.</summary>
    public int Port { get; } = port;

    /// <summary>The scheme of the URL.</summary>
    public string UriScheme => Endpoint.UriScheme;

    /// <summary>Host and port, as <c>127.0.0.1:8080</c>.</summary>
    public string EndPointString => $"{Address}:{Port}";

    /// <summary>The URL.</summary>
    public string UriString => $"{UriScheme}://{EndPointString}";
}
