using ImageEditor.JobManager.Attempts;
using ImageEditor.JobManager.Descriptors;
using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Store;
using Microsoft.Extensions.Options;

namespace ImageEditor.JobManager.Sweeping;

/// <summary>Sweeps about once a second, audits about once a minute, and at once when the store comes back.</summary>
internal sealed partial class SweepWorker(
    StoreSweep sweep, DeliveredResults delivered, KnownConverters converters, DescriptorStore descriptors, StoreMetrics metrics,
    IOptions<JobsOptions> options, TimeProvider time, ILogger<SweepWorker> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var settings = options.Value;
        using var timer = new PeriodicTimer(settings.SweepInterval, time);
        long? audited = null;
        try
        {
            do
            {
                try
                {
                    await delivered.StoreAsync();
                    var now = await sweep.SweepAsync(stoppingToken);
                    metrics.Observe(await sweep.MeasureAsync(converters.All, now));
                    if (audited is not { } last || time.GetElapsedTime(last) >= settings.AuditInterval)
                    {
                        await sweep.AuditAsync(stoppingToken);
                        await RememberConvertersAsync();
                        audited = time.GetTimestamp();
                    }
                }
                catch (StoreUnavailableException exception)
                {
                    // A store that was killed may have kept only a part of a script's writes.
                    audited = null;
                    Log.StoreUnavailable(logger, exception.Message);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops; the other replicas continue.
        }
    }

    /// <summary>Nobody claims for a converter without any process: its figures say that it needs one.</summary>
    private async Task RememberConvertersAsync()
    {
        foreach (var name in (await descriptors.ReadAsync()).Keys)
        {
            converters.Add(name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The job store cannot be swept: {Reason}", EventName = "StoreUnavailable")]
        public static partial void StoreUnavailable(ILogger logger, string reason);
    }
}
