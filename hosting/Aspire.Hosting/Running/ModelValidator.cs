using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Processes;

namespace Aspire.Hosting.Running;

/// <summary>Finds mistakes in the model before anything starts.</summary>
internal sealed class ModelValidator(DistributedApplicationModel model)
{
    /// <exception cref="DistributedApplicationException">There is a mistake; the message names the culprit.</exception>
    public void Validate()
    {
        foreach (var resource in model.Resources)
        {
            CheckReferences(resource);
            CheckWaits(resource);
            CheckEndpoints(resource);
            CheckHealthChecks(resource);
            CheckReplicaIds(resource);
        }

        CheckPorts();
        CheckValues();
    }

    private static DistributedApplicationException Mistake(string message) => new(message);

    private void CheckReferences(IResource resource)
    {
        foreach (var reference in resource.Annotations.OfType<ResourceReferenceAnnotation>())
        {
            if (!model.Resources.Contains(reference.Resource))
            {
                throw Mistake($"Resource '{resource.Name}' refers to '{reference.Resource.Name}', which is not part of the application.");
            }

            if (reference.Endpoint is { Exists: false } endpoint)
            {
                throw Mistake($"Resource '{resource.Name}' refers to endpoint '{endpoint.EndpointName}' of '{endpoint.Resource.Name}', which has none of that name.");
            }
        }
    }

    private void CheckWaits(IResource resource)
    {
        foreach (var wait in resource.Annotations.OfType<WaitAnnotation>())
        {
            if (wait.Resource == resource)
            {
                throw Mistake($"Resource '{resource.Name}' waits for itself.");
            }

            if (!model.Resources.Contains(wait.Resource))
            {
                throw Mistake($"Resource '{resource.Name}' waits for '{wait.Resource.Name}', which is not part of the application.");
            }
        }

        if (FindCycle(resource, [resource]) is { } cycle)
        {
            throw Mistake($"Resources wait for one another in a circle: {string.Join(" -> ", cycle.Select(r => $"'{r.Name}'"))}.");
        }
    }

    private static IReadOnlyList<IResource>? FindCycle(IResource start, List<IResource> path)
    {
        foreach (var next in path[^1].Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource))
        {
            if (next == start)
            {
                return [.. path, next];
            }

            // A circle that does not go through the start is found from one of its own members.
            if (!path.Contains(next) && FindCycle(start, [.. path, next]) is { } cycle)
            {
                return cycle;
            }
        }

        return null;
    }

    private static void CheckEndpoints(IResource resource)
    {
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            if (endpoint is { Port: { } port, TargetPort: { } targetPort } && port != targetPort)
            {
                throw Mistake($"Endpoint '{endpoint.Name}' of resource '{resource.Name}' has port {port} and target port {targetPort}: there is no proxy between them.");
            }

            if ((endpoint.Port ?? endpoint.TargetPort) is { } one && resource.GetReplicaCount() > 1)
            {
                throw Mistake($"Resource '{resource.Name}' has {resource.GetReplicaCount()} replicas, which cannot share port {one} of endpoint '{endpoint.Name}'.");
            }
        }
    }

    private static void CheckHealthChecks(IResource resource)
    {
        foreach (var check in resource.Annotations.OfType<HttpHealthCheckAnnotation>())
        {
            if (HttpHealthProbe.Find(resource, check.EndpointName) is null)
            {
                throw Mistake($"Resource '{resource.Name}' has a health check on endpoint '{check.EndpointName ?? "http"}', which it does not have.");
            }
        }
    }

    private void CheckReplicaIds(IResource resource)
    {
        if (resource.Annotations.OfType<ProcessAnnotation>().Any()
            && Replica.Of(resource).FirstOrDefault(replica => model.Resources.Any(r => string.Equals(r.Name, replica.Id, StringComparison.OrdinalIgnoreCase))) is { } taken)
        {
            throw Mistake($"Resource '{taken.Id}' has the name of a replica of '{resource.Name}'.");
        }
    }

    private void CheckPorts()
    {
        var shared = model.Resources
            .SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => (resource, endpoint)))
            .Where(one => (one.endpoint.Port ?? one.endpoint.TargetPort) is not null)
            .GroupBy(one => (one.endpoint.Port ?? one.endpoint.TargetPort)!.Value)
            .FirstOrDefault(group => group.Count() > 1);
        if (shared is not null)
        {
            var users = shared.Select(one => $"'{one.resource.Name}' (endpoint '{one.endpoint.Name}')");
            throw Mistake($"Port {shared.Key} is given twice: to {string.Join(" and ", users)}.");
        }
    }

    private void CheckValues()
    {
        var required = model.Resources
            .SelectMany(resource => resource.Annotations.OfType<ResourceReferenceAnnotation>())
            .Where(reference => !reference.Optional)
            .Select(reference => reference.Resource)
            .Concat(model.Resources.Where(resource => resource is not ConnectionStringParameter));
        foreach (var parameter in required.OfType<ParameterResource>())
        {
            // Throws, naming the parameter and the key, when there is no value.
            _ = parameter.Value;
        }
    }
}
