using System.Diagnostics;
using System.Threading.Channels;
using ImageEditor.ConversionManager.Clients;
using ImageEditor.ConversionManager.Leasing;

namespace ImageEditor.ConversionManager.Waiting;

/// <summary>
/// Tells the job manager which results this process has sent whole, those of a second together. Where room for results is short there,
/// such results go first.
/// </summary>
internal sealed partial class DeliveryNotes(JobManagerConnection jobManager, TimeProvider time, ILogger<DeliveryNotes> logger)
    : BackgroundService
{
    /// <summary>What the job manager takes at once.</summary>
    private const int MaxJobsPerCall = 1_000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Channel<string> _sent = Channel.CreateUnbounded<string>();

    /// <summary>Notes that the result of a job was sent whole.</summary>
    public void Add(string jobId) => _sent.Writer.TryWrite(jobId);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Of many jobs: not a part of any trace.
        Activity.Current = null;
        try
        {
            while (await _sent.Reader.WaitToReadAsync(stoppingToken))
            {
                await Task.Delay(Interval, time, stoppingToken);
                await SendAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is not sent costs nothing but room: these results stay until their retention is over.
        }
    }

    private async Task SendAsync(CancellationToken stoppingToken)
    {
        var jobIds = new List<string>();
        while (jobIds.Count < MaxJobsPerCall && _sent.Reader.TryRead(out var id))
        {
            jobIds.Add(id);
        }

        var status = await jobManager.PutOnceAsync("/jobs/delivered", JsonContent.Create(new { jobIds }), stoppingToken);
        if (status != LeaseStatus.Accepted)
        {
            Log.NotTold(logger, jobIds.Count, status);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Information,
            "The job manager does not know that {Count} results were sent, and keeps them for their retention: {Status}",
            EventName = "DeliveriesNotTold")]
        public static partial void NotTold(ILogger logger, int count, LeaseStatus status);
    }
}
