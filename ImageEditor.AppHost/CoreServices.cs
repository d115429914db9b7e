using ImageEditor.AppHost.Configuration;
using ImageEditor.AppHost.Local;

namespace ImageEditor.AppHost;

internal static class CoreServices
{
    /// <summary>
    /// On one machine a program has 2 s to stop (<see cref="Local.BuiltPrograms"/>): work in progress is released before.
    /// </summary>
    public static readonly TimeSpan LocalShutdownGrace = TimeSpan.FromSeconds(1);

    /// <summary>Adds a service that believes what the Gateway says, beside the installation's key.</summary>
    public static IResourceBuilder<ProjectResource> AddCoreService<TProject>(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> internalKey)
        where TProject : IProjectMetadata, new() =>
        builder.AddProject<TProject>(name)
            .WithHttpEndpoint()
            .WithHttpHealthCheck("/health")
            .WithEnvironment("InternalKey", internalKey)
            .WithPictureSize();

    /// <summary>
    /// On a machine of one's own, https works from the first start: the service makes itself a certificate and keeps it. A cluster brings
    /// its own.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithDevelopmentCertificate(this IResourceBuilder<ProjectResource> service)
    {
        var builder = service.ApplicationBuilder;
        return builder.ExecutionContext.IsRunMode
            ? service.WithEnvironment(
                "Gateway__DevelopmentCertificate", Path.Combine(DataFolder.Of(builder).For("certificates"), $"{service.Resource.Name}.pfx"))
            : service;
    }

    /// <summary>On one machine, work in progress is released in time. A cluster waits longer.</summary>
    public static IResourceBuilder<ProjectResource> WithShortShutdownGrace(this IResourceBuilder<ProjectResource> service) =>
        service.ApplicationBuilder.ExecutionContext.IsRunMode
            ? service.WithEnvironment("Conversions__ShutdownGrace", LocalShutdownGrace.ToString())
            : service;
}
