using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Processes;

/// <summary>One process of a resource.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Index">Counts the resource's replicas, from 0.</param>
internal sealed record Replica(IResource Resource, int Index)
{
    /// <summary>The resource id, which names the log file too.</summary>
    public string Id => $"{Resource.Name}-{Index}";

    public ValueProviderContext Context => new() { Caller = Resource, Replica = Index };

    /// <summary>The replica's own address at each of the resource's endpoints.</summary>
    public IEnumerable<AllocatedEndpoint> Endpoints =>
        Resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => endpoint.Replicas[Index]);

    public static IEnumerable<Replica> Of(IResource resource) =>
        Enumerable.Range(0, resource.GetReplicaCount()).Select(index => new Replica(resource, index));
}
