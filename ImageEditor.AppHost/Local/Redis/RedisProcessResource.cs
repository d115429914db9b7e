namespace ImageEditor.AppHost.Local.Redis;

/// <summary>A store that speaks the Redis protocol, as a process on this machine.</summary>
internal sealed class RedisProcessResource(string name, RedisServer server, string folder, ParameterResource password)
    : ExecutableResource(name, server.Program, folder), IResourceWithConnectionString
{
    /// <summary>The name of the endpoint that clients connect to.</summary>
    public const string EndpointName = "tcp";

    /// <summary>The password that clients need.</summary>
    public ParameterResource Password { get; } = password;

    /// <summary>The endpoint that clients connect to.</summary>
    public EndpointReference Endpoint => new(this, EndpointName);

    /// <summary>The connection string for StackExchange.Redis: <c>host:port,password=…</c>.</summary>
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create(
            $"{Endpoint.Property(EndpointProperty.IPV4Host)}:{Endpoint.Property(EndpointProperty.Port)},password={Password}");
}
