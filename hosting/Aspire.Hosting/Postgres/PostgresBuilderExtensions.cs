using System.Diagnostics;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Postgres;
using Aspire.Hosting.Processes;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>Adds PostgreSQL servers and their databases.</summary>
public static class PostgresBuilderExtensions
{
    /// <summary>Adds a server. It always has a password; without one given it is generated and kept.</summary>
    /// <remarks><c>Hosting:Postgres:Server</c> (embedded, system) chooses the server.</remarks>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null)
    {
        var secret = password?.Resource ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password");
        var resource = new PostgresServerResource(name, userName?.Resource, secret);
        return builder.AddResource(resource)
            .WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, name: PostgresServerResource.PrimaryEndpointName, port: port))
            .WithAnnotation(new ProcessAnnotation(RestartPolicy.Always, (context, cancellationToken) => DescribeAsync(builder, resource, context, cancellationToken))
            {
                // PostgreSQL's fast shutdown. On SIGTERM it would wait until the last client has gone.
                StopSignal = UnixSignals.Interrupt,
            })
            .WithAnnotation(new HealthProbeAnnotation($"{name}_check", (_, cancellationToken) => DatabaseCheck.OfServerAsync(resource, cancellationToken)));
    }

    /// <summary>Adds a database, which is created if the server does not have it.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="databaseName">The name that the server knows the database by; the resource's name when null.</param>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder,
        string name,
        string? databaseName = null)
    {
        var resource = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        return builder.ApplicationBuilder.AddResource(resource)
            .WithAnnotation(new WaitAnnotation(builder.Resource, WaitType.WaitUntilHealthy))
            .WithAnnotation(new HealthProbeAnnotation($"{name}_check", (_, cancellationToken) => DatabaseCheck.OfDatabaseAsync(resource, cancellationToken)));
    }

    /// <summary>Gives the container a volume for its data. On this machine data always lives in the data folder.</summary>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(
        this IResourceBuilder<PostgresServerResource> builder,
        string? name = null,
        bool isReadOnly = false) =>
        builder.WithAnnotation(new DataVolumeAnnotation(name, isReadOnly), ResourceAnnotationMutationBehavior.Replace);

    private static async Task<ProcessStartInfo> DescribeAsync(
        IDistributedApplicationBuilder builder,
        PostgresServerResource resource,
        StartContext context,
        CancellationToken cancellationToken)
    {
        var kind = builder.Configuration.GetValue("Hosting:Postgres:Server", PostgresServerKind.Embedded);
        var server = await PostgresServer.FindAsync(kind, context, cancellationToken);
        var cluster = new PostgresCluster(DataFolder.Of(builder).For(resource), server);
        return await cluster.PrepareAsync(resource.PrimaryEndpoint.Port, resource.UserName, resource.PasswordParameter.Value, context, cancellationToken);
    }
}
