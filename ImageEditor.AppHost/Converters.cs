namespace ImageEditor.AppHost;

/// <summary>Converters in the model: one line each in AppHost.cs is all that the rest of the system needs.</summary>
internal static class Converters
{
    /// <summary>Adds a converter that is a project; services that call <see cref="WithConverters"/> afterwards find it.</summary>
    /// <param name="builder">The model.</param>
    /// <param name="name">The converter's name, as in its descriptor.</param>
    /// <param name="isPublic">Whether clients may ask for it, as in its descriptor, so that the reference page shows it.</param>
    public static IResourceBuilder<ProjectResource> AddConverter<TProject>(
        this IDistributedApplicationBuilder builder, string name, bool isPublic = true)
        where TProject : IProjectMetadata, new() =>
        builder.AddProject<TProject>(name)
            .WithHttpEndpoint(isProxied: false)
            .AsConverter(isPublic);

    /// <summary>Adds a converter that is a Node.js program, whose <c>package.json</c> names its main file.</summary>
    /// <param name="builder">The model.</param>
    /// <param name="name">The converter's name, as in its descriptor.</param>
    /// <param name="folder">Where the program is.</param>
    /// <param name="isPublic">Whether clients may ask for it, as in its descriptor.</param>
    public static IResourceBuilder<ExecutableResource> AddNodeConverter(
        this IDistributedApplicationBuilder builder, string name, string folder, bool isPublic = true) =>
        builder.AddExecutable(name, "node", folder, ".")
            .WithHttpEndpoint(env: "PORT", isProxied: false)
            .WithOtlpExporter()
            .AsConverter(isPublic);

    /// <summary>Marks a converter that wants a GPU: here it uses one that is present, and a cluster's manifests ask for one.</summary>
    public static IResourceBuilder<ProjectResource> WithGpu(this IResourceBuilder<ProjectResource> converter) =>
        converter
            .WithEnvironment("Converter__Accelerator", "auto")
            .WithAnnotation(new GpuAnnotation());

    /// <summary>
    /// Tells a service of every converter added so far. It does not wait for them: a converter that is down holds up only its own jobs.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithConverters(this IResourceBuilder<ProjectResource> consumer)
    {
        foreach (var converter in All(consumer.ApplicationBuilder))
        {
            consumer
                .WithReference(consumer.ApplicationBuilder.CreateResourceBuilder(converter).GetEndpoint("http"))
                .WithEnvironment($"Converters__{converter.Name}", $"http://{converter.Name}");
        }

        return consumer;
    }

    /// <summary>
    /// Tells the Gateway which converters its API reference shows: the public ones in C#, which have an OpenAPI description.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithConverterOpenApi(this IResourceBuilder<ProjectResource> gateway)
    {
        var documented = All(gateway.ApplicationBuilder).OfType<ProjectResource>().Where(IsPublic);
        return gateway.WithEnvironment("OpenApi__Converters", string.Join(',', documented.Select(converter => converter.Name)));
    }

    /// <summary>Every converter added so far.</summary>
    public static IReadOnlyList<IResourceWithEndpoints> All(IDistributedApplicationBuilder builder) =>
        [.. builder.Resources.OfType<IResourceWithEndpoints>().Where(resource => resource.Annotations.OfType<ConverterAnnotation>().Any())];

    /// <summary>Whether clients may ask for a converter.</summary>
    public static bool IsPublic(IResource converter) => converter.Annotations.OfType<ConverterAnnotation>().Single().IsPublic;

    private static IResourceBuilder<T> AsConverter<T>(this IResourceBuilder<T> converter, bool isPublic)
        where T : IResourceWithEndpoints, IResourceWithEnvironment =>
        converter
            .WithHttpHealthCheck("/health")
            // glibc keeps freed memory per arena and thread: with few arenas, what one picture took serves the next.
            .WithEnvironment("MALLOC_ARENA_MAX", "2")
            .WithAnnotation(new ConverterAnnotation(isPublic));

    private sealed record ConverterAnnotation(bool IsPublic) : IResourceAnnotation;
}

/// <summary>The resource wants a GPU.</summary>
internal sealed class GpuAnnotation : IResourceAnnotation;
