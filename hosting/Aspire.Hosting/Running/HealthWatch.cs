using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Processes;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Running;

/// <summary>Asks for health again and again, and tells when the answer changes.</summary>
internal sealed class HealthWatch(Replica replica, Action<IReadOnlyList<HealthReportSnapshot>> changed, TimeProvider time)
{
    private static readonly TimeSpan HealthInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StartingHealthInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan HealthTimeout = TimeSpan.FromSeconds(10);

    public IReadOnlyList<HealthProbeAnnotation> Probes { get; } = [.. replica.Resource.Annotations.OfType<HealthProbeAnnotation>()];

    /// <summary>Asks until the process ends.</summary>
    /// <returns>How long it was healthy; null when it never was.</returns>
    public async Task<TimeSpan?> RunAsync(CancellationToken ended)
    {
        long? since = Probes.Count == 0 ? time.GetTimestamp() : null;
        try
        {
            if (Probes.Count == 0)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, time, ended);
            }

            HealthReportSnapshot[] last = [];
            while (true)
            {
                var reports = await Task.WhenAll(Probes.Select(probe => CheckAsync(probe, ended)));
                ended.ThrowIfCancellationRequested();
                var healthy = reports.All(report => report.Status == HealthStatus.Healthy);
                since = healthy ? since ?? time.GetTimestamp() : since;
                if (!reports.SequenceEqual(last))
                {
                    changed(reports);
                    last = reports;
                }

                await Task.Delay(healthy ? HealthInterval : StartingHealthInterval, time, ended);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return since is { } start ? time.GetElapsedTime(start) : null;
        }
    }

    private async Task<HealthReportSnapshot> CheckAsync(HealthProbeAnnotation probe, CancellationToken ended)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ended);
        limit.CancelAfter(HealthTimeout);
        try
        {
            var mistake = await probe.CheckAsync(replica, limit.Token);
            return new HealthReportSnapshot(probe.Name, mistake is null ? HealthStatus.Healthy : HealthStatus.Unhealthy, mistake, null);
        }
        catch (Exception exception)
        {
            // A check that fails is the answer: not healthy.
            return new HealthReportSnapshot(probe.Name, HealthStatus.Unhealthy, exception.Message, exception.ToString());
        }
    }
}
