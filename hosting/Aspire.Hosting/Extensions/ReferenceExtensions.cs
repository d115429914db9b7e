using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Tells the resource another's connection string and its parts.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="source">The other.</param>
    /// <param name="connectionName">The name that the resource knows it by; the other's name when null.</param>
    /// <param name="optional">Whether it may be missing.</param>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        var resource = source.Resource;
        var name = connectionName ?? resource.Name;
        builder.WithAnnotation(new ResourceReferenceAnnotation(resource, Optional: optional));
        return builder.WithEnvironment(async context =>
        {
            if (optional && await IsMissingAsync(resource, context.CancellationToken))
            {
                return;
            }

            context.EnvironmentVariables[resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{name}"] = resource.ConnectionStringExpression;
            foreach (var (property, value) in resource.GetConnectionProperties())
            {
                context.EnvironmentVariables[$"{ResourceName.ToEnvironmentPrefix(name)}_{property.ToUpperInvariant()}"] = value;
            }
        });
    }

    /// <summary>Tells the resource the addresses of every endpoint of another, all replicas of it.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment
    {
        builder.WithAnnotation(new ResourceReferenceAnnotation(source.Resource));
        return builder.WithEnvironment(context =>
        {
            foreach (var endpoint in source.Resource.GetEndpoints())
            {
                SetAddresses(context, endpoint);
            }
        });
    }

    /// <summary>Tells the resource the addresses of one endpoint of another, all replicas of it.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment
    {
        builder.WithAnnotation(new ResourceReferenceAnnotation(endpointReference.Resource, endpointReference));
        return builder.WithEnvironment(context => SetAddresses(context, endpointReference));
    }

    /// <summary>Tells the resource the address of something outside the application.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, string name, Uri uri)
        where TDestination : IResourceWithEnvironment
    {
        if (!uri.IsAbsoluteUri)
        {
            throw new InvalidOperationException($"The address of '{name}' must be absolute, and '{uri}' is not.");
        }

        return builder.WithEnvironment($"services__{name}__default__0", uri.ToString());
    }

    // The first two forms of discovery agree with Aspire; replicas beyond the first are hosting's own (there is no proxy in front of them).
    private static void SetAddresses(EnvironmentCallbackContext context, EndpointReference reference)
    {
        var (name, endpoint) = (reference.Resource.Name, reference.EndpointAnnotation);
        foreach (var (i, replica) in endpoint.Replicas.Index())
        {
            context.EnvironmentVariables[$"services__{name}__{endpoint.Name}__{i}"] = replica.UriString;
        }

        context.EnvironmentVariables[ResourceName.ToEnvironmentPrefix($"{name}_{endpoint.Name}")] = reference;
    }

    private static async Task<bool> IsMissingAsync(IResourceWithConnectionString resource, CancellationToken cancellationToken)
    {
        try
        {
            return string.IsNullOrEmpty(await resource.GetConnectionStringAsync(cancellationToken));
        }
        catch (DistributedApplicationException)
        {
            // That is how a connection string without a value shows, and this one is optional.
            return true;
        }
    }
}
