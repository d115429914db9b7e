using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ImageEditor.AppHost.Local.Redis;

internal static class RedisExtensions
{
    private const long DefaultMemoryBytes = 2L * 1024 * 1024 * 1024;

    /// <summary>
    /// Adds a store as a process: <c>Local:Redis:Server</c> (auto, redis, valkey, garnet) chooses the server,
    /// <c>Local:Redis:MemoryBytes</c> its memory.
    /// </summary>
    public static IResourceBuilder<RedisProcessResource> AddRedisProcess(this IDistributedApplicationBuilder builder, string name)
    {
        var server = RedisServer.Find(builder.Configuration["Local:Redis:Server"] ?? "auto");
        var folder = DataFolder.Of(builder).For(name);
        var resource = new RedisProcessResource(name, server, folder, builder.AddGeneratedSecret($"{name}-password").Resource);
        builder.AddConnectionCheck(name, resource, (checks, connectionString) => checks.AddRedis(_ => connectionString(), name));
        return builder.AddResource(resource)
            // Without the proxy, which copies every byte; and a store that is gone refuses connections, as it should.
            .WithEndpoint(RedisProcessResource.EndpointName, endpoint => endpoint.IsProxied = false)
            .WithHealthCheck(name)
            .WithArgs(async context =>
            {
                var port = int.Parse(
                    (await resource.Endpoint.Property(EndpointProperty.Port).GetValueAsync(context.CancellationToken))!,
                    CultureInfo.InvariantCulture);
                var password = (await resource.Password.GetValueAsync(context.CancellationToken))!;
                var memory = builder.Configuration.GetValue("Local:Redis:MemoryBytes", DefaultMemoryBytes);
                server.Configure(folder, port, password, memory).ToList().ForEach(context.Args.Add);
            });
    }
}
