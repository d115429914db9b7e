namespace ImageEditor.AppHost;

/// <summary>Converters in the application model: one line each in AppHost.cs is all that the rest of the system needs.</summary>
internal static class ConverterResources
{
    /// <summary>Adds a converter that is a project; services that call <see cref="WithConverters"/> afterwards find it.</summary>
    /// <param name="builder">The application model.</param>
    /// <param name="name">The converter's name, as in its descriptor.</param>
    /// <param name="projectPath">Its project.</param>
    /// <param name="isPublic">Whether clients may ask for it, as in its descriptor, so that the reference page shows it.</param>
    public static IResourceBuilder<ProjectResource> AddConverter(this IDistributedApplicationBuilder builder, string name, string projectPath, bool isPublic = true) =>
        builder.AddProject(name, projectPath)
            .WithHttpEndpoint()
            .WithHttpHealthCheck("/health")
            // glibc keeps freed memory per arena and thread: with few arenas, what one picture took serves the next.
            .WithEnvironment("MALLOC_ARENA_MAX", "2")
            .WithAnnotation(new ConverterAnnotation(isPublic));

    /// <summary>Tells a service of every converter added so far. It does not wait for them: a converter that is down holds up only its own jobs.</summary>
    public static IResourceBuilder<ProjectResource> WithConverters(this IResourceBuilder<ProjectResource> consumer)
    {
        foreach (var converter in Converters(consumer.ApplicationBuilder))
        {
            consumer
                .WithReference(consumer.ApplicationBuilder.CreateResourceBuilder(converter))
                .WithEnvironment($"Converters__{converter.Name}", $"http://{converter.Name}");
        }

        return consumer;
    }

    /// <summary>Names the public converters whose API the Gateway's reference page shows.</summary>
    public static IResourceBuilder<ProjectResource> WithConverterDocuments(this IResourceBuilder<ProjectResource> gateway) =>
        gateway.WithEnvironment("OpenApi__Converters", string.Join(',', Converters(gateway.ApplicationBuilder).Where(converter => converter.Annotations.OfType<ConverterAnnotation>().Single().IsPublic).Select(converter => converter.Name)));

    private static List<ProjectResource> Converters(IDistributedApplicationBuilder builder) =>
        [.. builder.Resources.OfType<ProjectResource>().Where(resource => resource.Annotations.OfType<ConverterAnnotation>().Any())];

    private sealed record ConverterAnnotation(bool IsPublic) : IResourceAnnotation;
}
