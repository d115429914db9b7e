namespace ImageEditor.AppHost;

internal static class DevelopmentCertificate
{
    /// <summary>On a machine of one's own, https works from the first start: the service makes itself a certificate and keeps it. A cluster brings its own.</summary>
    public static IResourceBuilder<ProjectResource> WithDevelopmentCertificate(this IResourceBuilder<ProjectResource> service)
    {
        var builder = service.ApplicationBuilder;
        var data = builder.Configuration["Hosting:DataDirectory"] ?? Path.Combine(builder.AppHostDirectory, "..", ".data");
        var path = Path.GetFullPath(Path.Combine(data, "certificates", $"{service.Resource.Name}.pfx"));
        return builder.ExecutionContext.IsRunMode ? service.WithEnvironment("Gateway__DevelopmentCertificate", path) : service;
    }
}
