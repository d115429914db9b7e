using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>
/// Stops resources side by side, each after those that depend on it: those that wait for it, and those that refer to it, so that what is under
/// way can still end. References may go in a circle, waits may not.
/// </summary>
internal sealed class StopOrder(ICollection<IResource> resources)
{
    private readonly Dictionary<IResource, Task> _stopping = [];
    private readonly HashSet<IResource> _visiting = [];

    /// <summary>Ends when every resource is stopped.</summary>
    /// <param name="stop">Stops one resource.</param>
    public Task RunAsync(Func<IResource, Task> stop) => Task.WhenAll(resources.Select(resource => StopAsync(resource, stop)).ToList());

    private Task StopAsync(IResource resource, Func<IResource, Task> stop)
    {
        if (_stopping.TryGetValue(resource, out var known))
        {
            return known;
        }

        if (!_visiting.Add(resource))
        {
            // References in a circle: one of them has to go first.
            return Task.CompletedTask;
        }

        var dependents = resources
            .Where(other => other != resource && (WaitsFor(other, resource) || (RefersTo(other, resource) && !WaitsFor(resource, other))))
            .Select(dependent => StopAsync(dependent, stop))
            .ToList();
        return _stopping[resource] = StopAfterAsync(dependents, () => stop(resource));
    }

    private static async Task StopAfterAsync(IEnumerable<Task> dependents, Func<Task> stop)
    {
        await Task.WhenAll(dependents);
        await stop();
    }

    private static bool RefersTo(IResource resource, IResource other) =>
        resource.Annotations.OfType<ResourceReferenceAnnotation>().Any(reference => reference.Resource == other);

    private static bool WaitsFor(IResource resource, IResource other) =>
        resource.Annotations.OfType<WaitAnnotation>().Any(wait => wait.Resource == other || WaitsFor(wait.Resource, other));
}
