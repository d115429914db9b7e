namespace ImageEditor.Tests.Hosting.Support;

internal static class Models
{
    public const string ServiceProject = "../TestService/TestService.csproj";

    /// <summary>The argument that leaves the AppHost's own resources out.</summary>
    public const string Empty = "--Models=none";

    /// <summary>Adds the service of Programs/TestService.</summary>
    public static IResourceBuilder<ProjectResource> AddService(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddProject(name, ServiceProject).WithHttpEndpoint().WithHttpHealthCheck("/health");
}
