using System.Diagnostics;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Processes;
using Aspire.Hosting.Redis;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>Adds stores that speak the Redis protocol.</summary>
public static class RedisBuilderExtensions
{
    /// <summary>Adds a store. It always has a password; without one given it is generated and kept.</summary>
    /// <remarks>
    /// <c>Hosting:Redis:Server</c> (auto, redis, valkey, garnet) chooses the server, <c>Hosting:Redis:MemoryBytes</c> its memory.
    /// </remarks>
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder,
        string name,
        int? port = null,
        IResourceBuilder<ParameterResource>? password = null)
    {
        var secret = password?.Resource ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password", special: false);
        var resource = new RedisResource(name, secret);
        return builder.AddResource(resource)
            .WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, name: RedisResource.PrimaryEndpointName, port: port))
            .WithAnnotation(new ProcessAnnotation(RestartPolicy.Always, (_, _) => Task.FromResult(Describe(builder, resource))))
            .WithAnnotation(new HealthProbeAnnotation($"{name}_check", (_, cancellationToken) =>
                RedisPing.CheckAsync(resource.PrimaryEndpoint.Host, resource.PrimaryEndpoint.Port, secret.Value, cancellationToken)));
    }

    /// <summary>Gives the container a volume for its data. On this machine data always lives in the data folder.</summary>
    public static IResourceBuilder<RedisResource> WithDataVolume(this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.WithAnnotation(new DataVolumeAnnotation(name, isReadOnly), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>Has the store write snapshots, besides its append-only file.</summary>
    public static IResourceBuilder<RedisResource> WithPersistence(
        this IResourceBuilder<RedisResource> builder,
        TimeSpan? interval = null,
        long keysChangedThreshold = 1) =>
        builder.WithAnnotation(
            new PersistenceAnnotation(interval ?? TimeSpan.FromSeconds(60), keysChangedThreshold),
            ResourceAnnotationMutationBehavior.Replace);

    private static ProcessStartInfo Describe(IDistributedApplicationBuilder builder, RedisResource resource)
    {
        var options = new RedisServerOptions
        {
            Port = resource.PrimaryEndpoint.Port,
            Password = resource.PasswordParameter!.Value,
            DataDirectory = DataFolder.Of(builder).For(resource),
            Save = resource.Annotations.OfType<PersistenceAnnotation>().LastOrDefault() is { } persistence
                ? $"{(long)persistence.Interval.TotalSeconds} {persistence.KeysChangedThreshold}"
                : null,
        };
        var section = builder.Configuration.GetSection("Hosting:Redis");
        return RedisServerLauncher.CreateStartInfo(options with
        {
            Server = section.GetValue("Server", options.Server),
            MemoryBytes = section.GetValue("MemoryBytes", options.MemoryBytes),
        });
    }
}
