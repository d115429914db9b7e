namespace Aspire.Hosting.ApplicationModel;

/// <summary>How many processes run of a resource.</summary>
public class ReplicaAnnotation(int replicas = 1) : IResourceAnnotation
{
    /// <summary>The number of processes.</summary>
    public int Replicas { get; } = replicas;
}
