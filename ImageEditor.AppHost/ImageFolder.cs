namespace ImageEditor.AppHost;

internal static class ImageFolder
{
    /// <summary>On a machine of one's own, image storage is a folder beside the other data. A cluster configures its own: a shared volume, or a bucket.</summary>
    public static IResourceBuilder<ProjectResource> WithImageFolder(this IResourceBuilder<ProjectResource> service)
    {
        var builder = service.ApplicationBuilder;
        var data = builder.Configuration["Hosting:DataDirectory"] ?? Path.Combine(builder.AppHostDirectory, "..", ".data");
        var path = Path.GetFullPath(Path.Combine(data, "images"));
        return builder.ExecutionContext.IsRunMode ? service.WithEnvironment("ImageStorage__FileSystem__Root", path) : service;
    }
}
