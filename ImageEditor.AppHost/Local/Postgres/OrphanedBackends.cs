using Microsoft.Extensions.Hosting;

namespace ImageEditor.AppHost.Local.Postgres;

/// <summary>
/// Kills backends that outlive their server: the orchestrator takes a process for alive as long as any of its children holds its output.
/// </summary>
internal sealed class OrphanedBackends(PostgresCluster cluster, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                cluster.KillOrphans();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application stops, and the server with it.
        }
    }
}
