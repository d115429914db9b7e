namespace ImageEditor.AppHost.Local;

/// <summary>Image storage as a folder of this machine.</summary>
internal sealed class ImageFolderResource(string name, string folder) : Resource(name), IResourceWithConnectionString
{
    /// <summary>The folder's address: <c>file:///…</c>.</summary>
    public ReferenceExpression ConnectionStringExpression { get; } = ReferenceExpression.Create(
        $"{new Uri(folder + Path.DirectorySeparatorChar).AbsoluteUri}");
}

internal static class ImageFolderExtensions
{
    /// <summary>Adds a folder among the data of this machine that keeps images.</summary>
    public static IResourceBuilder<ImageFolderResource> AddImageFolder(this IDistributedApplicationBuilder builder, string name)
    {
        var folder = DataFolder.Of(builder).For(name);
        return builder.AddResource(new ImageFolderResource(name, folder))
            .WithInitialState(new CustomResourceSnapshot
            {
                ResourceType = "Folder",
                Properties = [new ResourcePropertySnapshot("folder", folder)],
                State = KnownResourceStates.Running,
            });
    }
}
