using System.Collections.Concurrent;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageEditor.AppHost.Local;

/// <summary>Starts a process again that ended by itself, whatever it is. One that was stopped by command stays stopped.</summary>
/// <remarks>Aspire leaves that to the person at the dashboard.</remarks>
internal sealed partial class Restarts(
    ResourceNotificationService notifications, ResourceCommandService commands, TimeProvider time, ILogger<Restarts> logger)
    : BackgroundService
{
    private static readonly TimeSpan HealthThatResets = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan[] Pauses =
        [TimeSpan.Zero, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5)];

    private readonly ConcurrentDictionary<string, Replica> _replicas = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var change in notifications.WatchAsync(stoppingToken))
            {
                if (change.Resource is ProjectResource or ExecutableResource)
                {
                    Follow(change, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application stops.
        }
    }

    private void Follow(ResourceEvent change, CancellationToken stoppingToken)
    {
        var replica = _replicas.GetOrAdd(change.ResourceId, _ => new Replica());
        lock (replica)
        {
            Follow(replica, change, stoppingToken);
        }
    }

    private void Follow(Replica replica, ResourceEvent change, CancellationToken stoppingToken)
    {
        var snapshot = change.Snapshot;
        var state = snapshot.State?.Text;
        if (state == KnownResourceStates.Running)
        {
            replica.IsStopped = false;
            replica.HasFailed = false;
            replica.HealthySince = snapshot.HealthStatus == HealthStatus.Healthy ? replica.HealthySince ?? time.GetTimestamp() : null;

            // What was waited for at the start may be down when this one comes back, which does without it then.
            foreach (var wait in change.Resource.Annotations.OfType<WaitAnnotation>().ToList())
            {
                change.Resource.Annotations.Remove(wait);
            }
        }
        else if (state == KnownResourceStates.Stopping)
        {
            replica.IsStopped = true;
        }
        else if (state == KnownResourceStates.FailedToStart && snapshot.StartTimeStamp is null)
        {
            // There was no process, and there is no use in another try: something is amiss with the model or with this machine.
            if (!replica.HasFailed)
            {
                replica.HasFailed = true;
                Log.Impossible(logger, change.ResourceId);
            }
        }
        else if (state is not null && KnownResourceStates.TerminalStates.Contains(state) && snapshot.StartTimeStamp is { } run
            && run != replica.EndedRun && !replica.IsStopped && !replica.IsStarting)
        {
            // The same end is told several times.
            replica.EndedRun = run;
            replica.IsStarting = true;
            _ = StartAgainAsync(change.ResourceId, replica, snapshot.ExitCode, stoppingToken);
        }
    }

    private async Task StartAgainAsync(string resourceId, Replica replica, int? exitCode, CancellationToken stoppingToken)
    {
        try
        {
            replica.Deaths = replica.HealthySince is { } since && time.GetElapsedTime(since) >= HealthThatResets ? 0 : replica.Deaths;
            replica.HealthySince = null;
            while (true)
            {
                var pause = Pauses[Math.Min(replica.Deaths++, Pauses.Length - 1)];
                Log.Ended(logger, resourceId, exitCode, pause.TotalSeconds);
                await Task.Delay(pause, time, stoppingToken);
                var result = await commands.ExecuteCommandAsync(resourceId, KnownResourceCommands.StartCommand, stoppingToken);
                if (result.Success)
                {
                    return;
                }

                Log.NotStarted(logger, resourceId, result.Message);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application stops.
        }
        finally
        {
            lock (replica)
            {
                replica.IsStarting = false;
            }
        }

        // It may have ended again before the command to start it returned.
        if (notifications.TryGetCurrentState(resourceId, out var current))
        {
            Follow(current, stoppingToken);
        }
    }

    private sealed class Replica
    {
        public bool IsStopped { get; set; }

        public bool IsStarting { get; set; }

        public bool HasFailed { get; set; }

        public DateTime? EndedRun { get; set; }

        public int Deaths { get; set; }

        public long? HealthySince { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "{Resource} ended with exit code {ExitCode}; it is started again after {Seconds} s",
            EventName = "ProcessEnded")]
        public static partial void Ended(ILogger logger, string resource, int? exitCode, double seconds);

        [LoggerMessage(
            LogLevel.Error,
            "{Resource} cannot be started; its console log, on the dashboard, says why",
            EventName = "ProcessImpossible")]
        public static partial void Impossible(ILogger logger, string resource);

        [LoggerMessage(LogLevel.Error, "{Resource} could not be started: {Reason}", EventName = "ProcessNotStarted")]
        public static partial void NotStarted(ILogger logger, string resource, string? reason);
    }
}
