using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Processes;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Running;

/// <summary>Tells the states of a resource that lives inside another's process, as a database does in its server: the other's states, and a health of its own.</summary>
internal sealed class PartSupervisor(IResourceWithParent part, ResourceNotificationService notifications, TimeProvider time) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;
    private Task _watch = Task.CompletedTask;
    private CancellationTokenSource? _watching;

    public void Start()
    {
        Publish(snapshot => snapshot with { CreationTimeStamp = time.GetUtcNow().UtcDateTime, State = KnownResourceStates.NotStarted });
        _run = RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var change in notifications.WatchAsync(stop))
            {
                if (change.Resource == part.Parent)
                {
                    await FollowAsync(change.Snapshot, stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await EndWatchAsync();
        }
    }

    private async Task FollowAsync(CustomResourceSnapshot parent, CancellationToken stop)
    {
        if (parent.State?.Text != KnownResourceStates.Running)
        {
            await EndWatchAsync();
            Publish(snapshot => snapshot with { State = parent.State, StopTimeStamp = parent.StopTimeStamp, HealthReports = [] });
        }
        else if (_watching is null && parent.HealthStatus == HealthStatus.Healthy)
        {
            BeginWatch(stop);
        }
    }

    private void BeginWatch(CancellationToken stop)
    {
        var health = new HealthWatch(new Replica(part, 0), reports => Publish(snapshot => snapshot with { HealthReports = [.. reports] }), time);
        Publish(snapshot => snapshot with
        {
            State = new ResourceStateSnapshot(KnownResourceStates.Running, KnownResourceStateStyles.Success),
            StartTimeStamp = time.GetUtcNow().UtcDateTime,
            StopTimeStamp = null,
            HealthReports = [.. health.Probes.Select(probe => new HealthReportSnapshot(probe.Name, null, null, null))],
        });
        _watching = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _watch = health.RunAsync(_watching.Token);
    }

    private async Task EndWatchAsync()
    {
        if (_watching is not null)
        {
            await _watching.CancelAsync();
            await _watch;
            _watching.Dispose();
            _watching = null;
        }
    }

    private void Publish(Func<CustomResourceSnapshot, CustomResourceSnapshot> update) =>
        notifications.PublishUpdateAsync(part, update).GetAwaiter().GetResult();
}
