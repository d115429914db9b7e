namespace ImageEditor.Gateway.Transport;

/// <summary>Who is in front of the Gateway (configuration section <c>Gateway</c>).</summary>
internal sealed class TransportOptions
{
    public const string Section = "Gateway";

    /// <summary>Networks of the proxies in front of the Gateway, in CIDR notation.</summary>
    public IList<string> TrustedProxies { get; init; } = [];
}
