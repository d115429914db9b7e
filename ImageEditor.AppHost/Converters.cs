using ImageEditor.AppHost.Configuration;

namespace ImageEditor.AppHost;

/// <summary>Converters in the model: one line in AppHost.cs for each program is all that the rest of the system needs.</summary>
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
            .AsConverters(isPublic, new Dictionary<string, string> { [name] = "" });

    /// <summary>Adds a project that serves several converters, each below its name as a path; clients may ask for all of them.</summary>
    /// <param name="builder">The model.</param>
    /// <param name="program">The program's name.</param>
    /// <param name="converters">The converters' names, as in their descriptors.</param>
    public static IResourceBuilder<ProjectResource> AddConverters<TProject>(
        this IDistributedApplicationBuilder builder, string program, params string[] converters)
        where TProject : IProjectMetadata, new() =>
        builder.AddProject<TProject>(program)
            .WithHttpEndpoint(isProxied: false)
            .AsConverters(isPublic: true, converters.ToDictionary(name => name, name => "/" + name));

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
            .AsConverters(isPublic, new Dictionary<string, string> { [name] = "" });

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
        foreach (var program in Programs(consumer.ApplicationBuilder))
        {
            consumer.WithReference(consumer.ApplicationBuilder.CreateResourceBuilder(program).GetEndpoint("http"));
            foreach (var (name, path) in PathsIn(program))
            {
                consumer.WithEnvironment($"Converters__{name}", $"http://{program.Name}{path}");
            }
        }

        return consumer;
    }

    /// <summary>
    /// Tells the Gateway which converters its API reference shows: the public ones in C#, which have an OpenAPI description.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithConverterOpenApi(this IResourceBuilder<ProjectResource> gateway)
    {
        var documented = Programs(gateway.ApplicationBuilder).OfType<ProjectResource>().Where(IsPublic);
        return gateway.WithEnvironment("OpenApi__Converters", string.Join(',', documented.SelectMany(program => PathsIn(program).Keys)));
    }

    /// <summary>Every program of converters added so far.</summary>
    public static IReadOnlyList<IResourceWithEndpoints> Programs(IDistributedApplicationBuilder builder) =>
        [.. builder.Resources.OfType<IResourceWithEndpoints>().Where(program => program.Annotations.OfType<ConvertersAnnotation>().Any())];

    /// <summary>The converters of a program: what the routes of each begin with, by its name.</summary>
    public static IReadOnlyDictionary<string, string> PathsIn(IResource program) => AnnotationOf(program).Paths;

    /// <summary>Whether clients may ask for a program's converters.</summary>
    public static bool IsPublic(IResource program) => AnnotationOf(program).IsPublic;

    private static ConvertersAnnotation AnnotationOf(IResource program) => program.Annotations.OfType<ConvertersAnnotation>().Single();

    private static IResourceBuilder<T> AsConverters<T>(
        this IResourceBuilder<T> program, bool isPublic, IReadOnlyDictionary<string, string> paths)
        where T : IResourceWithEndpoints, IResourceWithEnvironment =>
        program
            .WithHttpHealthCheck("/health")
            // glibc keeps freed memory per arena and thread: with few arenas, what one picture took serves the next.
            .WithEnvironment("MALLOC_ARENA_MAX", "2")
            .WithInputSize()
            .WithAnnotation(new ConvertersAnnotation(isPublic, paths));

    private sealed record ConvertersAnnotation(bool IsPublic, IReadOnlyDictionary<string, string> Paths) : IResourceAnnotation;
}

/// <summary>The resource wants a GPU.</summary>
internal sealed class GpuAnnotation : IResourceAnnotation;
