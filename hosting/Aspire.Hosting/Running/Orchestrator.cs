using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Processes;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Running;

/// <summary>Runs the model: checks it, gives out addresses, starts and stops every replica.</summary>
internal sealed class Orchestrator(
    DistributedApplicationModel model,
    DistributedApplicationExecutionContext executionContext,
    ModelValidator validator,
    EndpointAllocator endpoints,
    DataFolder data,
    HostingOptions options,
    ReplicaStates states,
    ResourceNotificationService notifications,
    ResourceConsole console,
    ChildEnvironment environment,
    Watchdog watchdog,
    TimeProvider time) : IHostedService, IAsyncDisposable
{
    // What others wait for comes last and may find the grace period used up.
    private static readonly TimeSpan LeastGrace = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, ReplicaSupervisor> _replicas = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<PartSupervisor> _parts = [];
    private IDisposable? _dataLock;

    private TimeSpan Grace => TimeSpan.FromSeconds(options.GracePeriodSeconds);

    /// <exception cref="DistributedApplicationException">The model has a mistake, or a port or the data is in use. Nothing was started.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (executionContext.IsPublishMode)
        {
            throw new DistributedApplicationException("Publishing is not part of hosting/ yet: build with -p:AspirePackages=true to publish.");
        }

        validator.Validate();

        // Ports before data: who starts the same application twice is told of the port, which also names the resource.
        endpoints.Allocate(model.Resources);
        _dataLock = data.Lock();
        watchdog.Start();
        var completing = model.Resources.SelectMany(resource => resource.Annotations.OfType<WaitAnnotation>())
            .Where(wait => wait.WaitType == WaitType.WaitForCompletion)
            .Select(wait => wait.Resource)
            .ToHashSet();
        foreach (var resource in model.Resources)
        {
            Supervise(resource, completing.Contains(resource));
        }

        _parts.AddRange(model.Resources.OfType<IResourceWithParent>().Select(part => new PartSupervisor(part, notifications, time)));
        _parts.ForEach(part => part.Start());
        console.Start(data.Logs, _replicas.Count + _parts.Count);
        console.WriteLine($"logs are in {data.Logs}");
        await Task.WhenAll(_replicas.Values.Select(replica => replica.StartAsync()));
    }

    /// <summary>Stops every replica, those first that wait for or refer to another, all of them within one grace period.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        return _replicas.Count == 0 ? Task.CompletedTask : new StopOrder(model.Resources).RunAsync(resource =>
        {
            var left = Grace - time.GetElapsedTime(began);
            var replicas = _replicas.Values.Where(replica => replica.Replica.Resource == resource);
            return Task.WhenAll(replicas.Select(replica => replica.StopAsync(left > LeastGrace ? left : LeastGrace)));
        });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas.Values)
        {
            await replica.DisposeAsync();
        }

        foreach (var part in _parts)
        {
            await part.DisposeAsync();
        }

        _replicas.Clear();
        _parts.Clear();
        await watchdog.DisposeAsync();
        _dataLock?.Dispose();
    }

    private void Supervise(IResource resource, bool runsToCompletion)
    {
        if (resource.Annotations.OfType<ProcessAnnotation>().LastOrDefault() is not { } process)
        {
            return;
        }

        foreach (var replica in Replica.Of(resource))
        {
            var log = new OutputLog(Path.Combine(data.Logs, $"{replica.Id}.log"));
            _replicas[replica.Id] = new ReplicaSupervisor(
                replica, process, runsToCompletion, states, environment, watchdog, log, Grace, time);
            states.Described(replica);
        }

        AddCommand(resource, KnownResourceCommands.StartCommand, "Start", replica => replica.StartAsync());
        AddCommand(resource, KnownResourceCommands.StopCommand, "Stop", replica => replica.StopAsync());
        AddCommand(resource, KnownResourceCommands.RestartCommand, "Restart", async replica =>
        {
            await replica.StopAsync();
            await replica.StartAsync();
        });
    }

    private void AddCommand(IResource resource, string name, string displayName, Func<ReplicaSupervisor, Task> execute) =>
        resource.Annotations.Add(new ResourceCommandAnnotation(name, displayName, async context =>
        {
            await execute(_replicas[context.ResourceName]);
            return CommandResults.Success();
        }));
}
