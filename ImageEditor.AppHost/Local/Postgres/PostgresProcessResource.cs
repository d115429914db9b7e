namespace ImageEditor.AppHost.Local.Postgres;

/// <summary>A PostgreSQL server as a process on this machine.</summary>
internal sealed class PostgresProcessResource(string name, string command, string folder, ParameterResource password)
    : ExecutableResource(name, command, folder), IResourceWithConnectionString
{
    /// <summary>The name of the endpoint that clients connect to.</summary>
    public const string EndpointName = "tcp";

    /// <summary>Who owns all databases.</summary>
    public const string UserName = "postgres";

    /// <summary>The owner's password.</summary>
    public ParameterResource Password { get; } = password;

    /// <summary>The endpoint that clients connect to.</summary>
    public EndpointReference Endpoint => new(this, EndpointName);

    /// <summary>The server's databases.</summary>
    public List<PostgresProcessDatabaseResource> Databases { get; } = [];

    /// <summary>The connection string for Npgsql, without a database.</summary>
    public ReferenceExpression ConnectionStringExpression
    {
        get
        {
            var (host, port) = (Endpoint.Property(EndpointProperty.IPV4Host), Endpoint.Property(EndpointProperty.Port));
            return ReferenceExpression.Create($"Host={host};Port={port};Username={UserName};Password={Password}");
        }
    }
}

/// <summary>A database of the server.</summary>
internal sealed class PostgresProcessDatabaseResource(string name, PostgresProcessResource server)
    : Resource(name), IResourceWithParent<PostgresProcessResource>, IResourceWithConnectionString
{
    /// <summary>The server.</summary>
    public PostgresProcessResource Parent { get; } = server;

    /// <summary>The connection string for Npgsql.</summary>
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Parent};Database={Name}");
}
