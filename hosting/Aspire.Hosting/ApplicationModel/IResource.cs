namespace Aspire.Hosting.ApplicationModel;

/// <summary>A part of the distributed application.</summary>
public interface IResource
{
    /// <summary>The name, unique in the application without regard to case.</summary>
    string Name { get; }

    /// <summary>What is known about the resource: endpoints, waits, environment, ...</summary>
    ResourceAnnotationCollection Annotations { get; }
}
