namespace Aspire.Hosting.ApplicationModel;

/// <summary>The resources of the application.</summary>
public class DistributedApplicationModel(IResourceCollection resources)
{
    /// <summary>The resources.</summary>
    public IResourceCollection Resources { get; } = resources;
}
