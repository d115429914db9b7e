namespace Aspire.Hosting.ApplicationModel;

/// <summary>Sets environment variables of a resource, each time that it starts.</summary>
public class EnvironmentCallbackAnnotation(Func<EnvironmentCallbackContext, Task> callback) : IResourceAnnotation
{
    /// <summary>Sets the variables.</summary>
    public Func<EnvironmentCallbackContext, Task> Callback { get; } = callback;
}
