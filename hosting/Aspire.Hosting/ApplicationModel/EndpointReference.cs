namespace Aspire.Hosting.ApplicationModel;

/// <summary>An endpoint of a resource, by name. It may be made before the endpoint is described.</summary>
public sealed class EndpointReference(IResourceWithEndpoints owner, string endpointName) : IManifestExpressionProvider, IValueProvider
{
    /// <summary>The resource.</summary>
    public IResourceWithEndpoints Resource { get; } = owner;

    /// <summary>The endpoint's name.</summary>
    public string EndpointName { get; } = endpointName;

    /// <summary>Whether the resource has an endpoint of this name.</summary>
    public bool Exists => Find() is not null;

    /// <summary>Whether the endpoint has its address yet.</summary>
    public bool IsAllocated => Find()?.AllocatedEndpoint is not null;

    /// <summary>The endpoint.</summary>
    /// <exception cref="InvalidOperationException">The resource has no endpoint of this name.</exception>
    public EndpointAnnotation EndpointAnnotation =>
        Find() ?? throw new InvalidOperationException($"Resource '{Resource.Name}' has no endpoint '{EndpointName}'.");

    /// <summary>The scheme of the URL.</summary>
    public string Scheme => EndpointAnnotation.UriScheme;

    /// <summary>The host (of the first replica).</summary>
    public string Host => Allocated.Address;

    /// <summary>The port (of the first replica).</summary>
    public int Port => Allocated.Port;

    /// <summary>The port that the process listens on; null when it is chosen at start.</summary>
    public int? TargetPort => EndpointAnnotation.TargetPort;

    /// <summary>The URL (of the first replica).</summary>
    public string Url => Allocated.UriString;

    string IManifestExpressionProvider.ValueExpression => Property(EndpointProperty.Url).ValueExpression;

    private AllocatedEndpoint Allocated => AllocatedFor(new ValueProviderContext());

    /// <summary>A part of the endpoint's address.</summary>
    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);

    /// <summary>The URL.</summary>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        Property(EndpointProperty.Url).GetValueAsync(cancellationToken);

    /// <summary>The URL, which for a replica that names its own endpoint is its own.</summary>
    public ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) =>
        Property(EndpointProperty.Url).GetValueAsync(context, cancellationToken);

    internal AllocatedEndpoint AllocatedFor(ValueProviderContext context)
    {
        var replicas = EndpointAnnotation.Replicas;
        return replicas.Count == 0
            ? throw new InvalidOperationException($"The endpoint '{EndpointName}' of resource '{Resource.Name}' has no address before the application starts.")
            : replicas[context.Caller == Resource ? context.Replica : 0];
    }

    private EndpointAnnotation? Find() =>
        Resource.Annotations.OfType<EndpointAnnotation>().FirstOrDefault(e => string.Equals(e.Name, EndpointName, StringComparison.OrdinalIgnoreCase));
}
