using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Tells the states of the resources.</summary>
public class ResourceNotificationService
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ResourceEvent> _current = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Channel<ResourceEvent>> _watchers = [];

    /// <summary>Every resource's current state, then each change.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var watcher = Channel.CreateUnbounded<ResourceEvent>();
        lock (_lock)
        {
            foreach (var current in _current.Values)
            {
                watcher.Writer.TryWrite(current);
            }

            _watchers.Add(watcher);
        }

        try
        {
            await foreach (var resourceEvent in watcher.Reader.ReadAllAsync(cancellationToken))
            {
                yield return resourceEvent;
            }
        }
        finally
        {
            lock (_lock)
            {
                _watchers.Remove(watcher);
            }
        }
    }

    /// <summary>The current state of a resource id; the name will do where there is one replica.</summary>
    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        lock (_lock)
        {
            if (_current.TryGetValue(resourceId, out resourceEvent))
            {
                return true;
            }

            var named = _current.Values.Where(e => string.Equals(e.Resource.Name, resourceId, StringComparison.OrdinalIgnoreCase)).Take(2).ToList();
            resourceEvent = named.Count == 1 ? named[0] : null;
            return resourceEvent is not null;
        }
    }

    /// <summary>Publishes a new state of the resource.</summary>
    public Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory) =>
        PublishUpdateAsync(resource, resource.Name, stateFactory);

    /// <summary>Publishes a new state of one replica.</summary>
    public Task PublishUpdateAsync(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        lock (_lock)
        {
            var last = _current.TryGetValue(resourceId, out var known)
                ? known.Snapshot
                : new CustomResourceSnapshot { ResourceType = resource.GetType().Name, Properties = [] };
            var next = new ResourceEvent(resource, resourceId, stateFactory(last) with { Version = last.Version + 1 });
            _current[resourceId] = next;
            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryWrite(next);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Waits until a replica of the resource is in the state; <see cref="KnownResourceStates.Running"/> when null.</summary>
    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    /// <summary>Waits until a replica of the resource is in one of the states.</summary>
    /// <returns>Which state it was.</returns>
    public async Task<string> WaitForResourceAsync(string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        var states = targetStates.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var found = await WaitForResourceAsync(resourceName, e => e.Snapshot.State is { } state && states.Contains(state.Text), cancellationToken);
        return found.Snapshot.State!.Text;
    }

    /// <summary>Waits until a replica of the resource satisfies the predicate.</summary>
    public async Task<ResourceEvent> WaitForResourceAsync(
        string resourceName,
        Func<ResourceEvent, bool> predicate,
        CancellationToken cancellationToken = default)
    {
        await foreach (var resourceEvent in WatchAsync(cancellationToken))
        {
            if (string.Equals(resourceEvent.Resource.Name, resourceName, StringComparison.OrdinalIgnoreCase) && predicate(resourceEvent))
            {
                return resourceEvent;
            }
        }

        throw new OperationCanceledException($"Nothing more is to be heard of resource '{resourceName}'.");
    }

    /// <summary>Waits until a replica of the resource is healthy.</summary>
    /// <exception cref="DistributedApplicationException">It failed to start, or has finished.</exception>
    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, WaitBehavior.StopOnResourceUnavailable, cancellationToken);

    /// <summary>Waits until a replica of the resource is healthy.</summary>
    /// <remarks>A replica that exited does not end the wait: it is started again.</remarks>
    /// <exception cref="DistributedApplicationException">It failed to start or has finished, and the behavior is to stop then.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(
        string resourceName,
        WaitBehavior waitBehavior,
        CancellationToken cancellationToken = default)
    {
        var found = await WaitForResourceAsync(
            resourceName,
            e => e.Snapshot.HealthStatus == HealthStatus.Healthy
                || (waitBehavior == WaitBehavior.StopOnResourceUnavailable && IsGivenUp(e.Snapshot)),
            cancellationToken);
        return found.Snapshot.HealthStatus == HealthStatus.Healthy
            ? found
            : throw new DistributedApplicationException($"Resource '{found.ResourceId}' does not get healthy: its state is {found.Snapshot.State?.Text}.");
    }

    /// <summary>Waits for what the resource waits for.</summary>
    /// <exception cref="DistributedApplicationException">What is waited for to complete ended with another exit code.</exception>
    public Task WaitForDependenciesAsync(IResource resource, CancellationToken cancellationToken) =>
        Task.WhenAll(resource.Annotations.OfType<WaitAnnotation>()
            .Where(wait => wait.Resource is not IResourceWithoutLifetime)
            .Select(wait => WaitForAllReplicasAsync(resource, wait, cancellationToken)));

    internal IReadOnlyList<ResourceEvent> CurrentStatesOf(string resourceName)
    {
        lock (_lock)
        {
            return [.. _current.Values.Where(e => string.Equals(e.Resource.Name, resourceName, StringComparison.OrdinalIgnoreCase))];
        }
    }

    private static bool IsGivenUp(CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text == KnownResourceStates.FailedToStart || snapshot.State?.Text == KnownResourceStates.Finished;

    private async Task WaitForAllReplicasAsync(IResource resource, WaitAnnotation wait, CancellationToken cancellationToken)
    {
        var ready = new HashSet<string>();
        await foreach (var e in WatchAsync(cancellationToken))
        {
            if (e.Resource != wait.Resource)
            {
                continue;
            }

            if (IsReady(resource, wait, e))
            {
                ready.Add(e.ResourceId);
            }

            if (ready.Count == wait.Resource.GetReplicaCount())
            {
                return;
            }
        }
    }

    private static bool IsReady(IResource resource, WaitAnnotation wait, ResourceEvent e)
    {
        if (wait.WaitType == WaitType.WaitUntilHealthy)
        {
            return e.Snapshot.HealthStatus == HealthStatus.Healthy;
        }

        if (e.Snapshot.State?.Text != KnownResourceStates.Finished)
        {
            return false;
        }

        return e.Snapshot.ExitCode == wait.ExitCode
            ? true
            : throw new DistributedApplicationException(
                $"'{resource.Name}' does not start: '{wait.Resource.Name}' ended with exit code {e.Snapshot.ExitCode}, not {wait.ExitCode}.");
    }
}
