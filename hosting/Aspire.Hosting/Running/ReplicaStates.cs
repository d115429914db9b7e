using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Processes;

namespace Aspire.Hosting.Running;

/// <summary>Publishes what happens to replicas.</summary>
internal sealed class ReplicaStates(ResourceNotificationService notifications, ResourceConsole console, TimeProvider time)
{
    public const string ProcessIdProperty = "executable.pid";

    public void Described(Replica replica) => Publish(replica, snapshot => snapshot with
    {
        ResourceType = replica.Resource switch { ProjectResource => "Project", ExecutableResource => "Executable", _ => "Container" },
        CreationTimeStamp = Now,
        State = KnownResourceStates.NotStarted,
        Urls = [.. replica.Endpoints.Select(e => new UrlSnapshot(e.Endpoint.Name, e.UriString, !e.Endpoint.IsExternal)), .. AddedUrls(replica)],
    });

    public async Task WaitForDependenciesAsync(Replica replica, CancellationToken cancellationToken)
    {
        if (replica.Resource.Annotations.OfType<WaitAnnotation>().Any())
        {
            Publish(replica, snapshot => snapshot with { State = KnownResourceStates.Waiting, ExitCode = null });
            await notifications.WaitForDependenciesAsync(replica.Resource, cancellationToken);
        }
    }

    public void Starting(Replica replica) =>
        Publish(replica, snapshot => snapshot with { State = KnownResourceStates.Starting, HealthReports = [] });

    public void Running(Replica replica, int processId, IEnumerable<HealthProbeAnnotation> probes) => Publish(replica, snapshot => snapshot with
    {
        State = new ResourceStateSnapshot(KnownResourceStates.Running, KnownResourceStateStyles.Success),
        StartTimeStamp = Now,
        StopTimeStamp = null,
        ExitCode = null,
        Properties = With(snapshot.Properties, ProcessIdProperty, processId),
        HealthReports = [.. probes.Select(probe => new HealthReportSnapshot(probe.Name, null, null, null))],
    });

    public void Checked(Replica replica, IReadOnlyList<HealthReportSnapshot> reports) =>
        Publish(replica, snapshot => snapshot with { HealthReports = [.. reports] });

    public void Stopping(Replica replica) => Publish(replica, snapshot => snapshot with { State = KnownResourceStates.Stopping });

    /// <summary>The process has ended; without an exit code it was stopped before there was one.</summary>
    public void Exited(Replica replica, int? exitCode) => End(replica, KnownResourceStates.Exited, exitCode);

    public void Finished(Replica replica, int exitCode) => End(replica, KnownResourceStates.Finished, exitCode);

    public void Failed(Replica replica, string reason, OutputLog log)
    {
        Publish(replica, snapshot => snapshot with
        {
            State = new ResourceStateSnapshot(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error),
            StopTimeStamp = Now,
        });
        console.Failed(replica.Id, reason, log);
    }

    /// <summary>Something about the replica that a person may want to know.</summary>
    public void Told(Replica replica, string what) => console.Told(replica.Id, what);

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    private static IEnumerable<UrlSnapshot> AddedUrls(Replica replica) =>
        replica.Resource.Annotations.OfType<ResourceUrlAnnotation>().Select(url => new UrlSnapshot(url.DisplayText, url.Url, IsInternal: false));

    private static ImmutableArray<ResourcePropertySnapshot> With(ImmutableArray<ResourcePropertySnapshot> properties, string name, object value) =>
        [.. properties.Where(property => property.Name != name), new(name, value)];

    private void End(Replica replica, string state, int? exitCode) => Publish(replica, snapshot => snapshot with
    {
        State = state,
        StopTimeStamp = Now,
        ExitCode = exitCode,
        Properties = [.. snapshot.Properties.Where(property => property.Name != ProcessIdProperty)],
    });

    private void Publish(Replica replica, Func<CustomResourceSnapshot, CustomResourceSnapshot> update) =>
        notifications.PublishUpdateAsync(replica.Resource, replica.Id, update).GetAwaiter().GetResult();
}
