using ImageEditor.AppHost.Local;
using ImageEditor.AppHost.Local.Postgres;
using ImageEditor.AppHost.Local.Redis;

namespace ImageEditor.AppHost;

/// <summary>
/// What keeps data: processes and a folder on a machine of one's own, containers elsewhere. The rest of the model sees a connection string.
/// </summary>
internal static class Stores
{
    private const string S3Image = "chrislusf/seaweedfs";
    private const string S3ImageTag = "3.97";
    private const int S3Port = 8333;

    /// <summary>Adds the store of jobs, which speaks the Redis protocol.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddJobStore(this IDistributedApplicationBuilder builder, string name) =>
        builder.ExecutionContext.IsRunMode
            ? builder.AddRedisProcess(name)
            : builder.AddRedis(name).WithDataVolume().WithPersistence();

    /// <summary>Adds a PostgreSQL server.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddPostgresServer(
        this IDistributedApplicationBuilder builder, string name) =>
        builder.ExecutionContext.IsRunMode
            ? builder.AddPostgresProcess(name)
            : builder.AddPostgres(name).WithDataVolume();

    /// <summary>Adds a database to a PostgreSQL server.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddDatabase(
        this IResourceBuilder<IResourceWithConnectionString> server, string name) =>
        server switch
        {
            IResourceBuilder<PostgresProcessResource> process => PostgresExtensions.AddDatabase(process, name),
            IResourceBuilder<PostgresServerResource> container => PostgresBuilderExtensions.AddDatabase(container, name),
            _ => throw new ArgumentException($"'{server.Resource.Name}' is no PostgreSQL server.", nameof(server)),
        };

    /// <summary>Adds the storage of images: a folder, or a server with an S3 API.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddImageStorage(
        this IDistributedApplicationBuilder builder, string name) =>
        builder.ExecutionContext.IsRunMode ? builder.AddImageFolder(name) : builder.AddS3Server(name);

    private static IResourceBuilder<S3ServerResource> AddS3Server(this IDistributedApplicationBuilder builder, string name)
    {
        var accessKey = builder.AddGeneratedSecret($"{name}-access-key");
        var secretKey = builder.AddGeneratedSecret($"{name}-secret-key");
        return builder.AddResource(new S3ServerResource(name, accessKey.Resource, secretKey.Resource))
            .WithImage(S3Image, S3ImageTag)
            .WithArgs("server", "-s3", "-dir=/data")
            .WithEnvironment("AWS_ACCESS_KEY_ID", accessKey)
            .WithEnvironment("AWS_SECRET_ACCESS_KEY", secretKey)
            .WithVolume($"{name}-data", "/data")
            .WithHttpEndpoint(targetPort: S3Port);
    }

    /// <summary>A server with an S3 API.</summary>
    private sealed class S3ServerResource(string name, ParameterResource accessKey, ParameterResource secretKey)
        : ContainerResource(name), IResourceWithConnectionString
    {
        /// <summary>Where it answers, and the keys that it asks for: <c>Endpoint=…;AccessKey=…;SecretKey=…</c>.</summary>
        public ReferenceExpression ConnectionStringExpression =>
            ReferenceExpression.Create($"Endpoint={new EndpointReference(this, "http")};AccessKey={accessKey};SecretKey={secretKey}");
    }
}
