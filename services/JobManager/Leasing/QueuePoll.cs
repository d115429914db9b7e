using ImageEditor.JobManager.Store;
using StackExchange.Redis;

namespace ImageEditor.JobManager.Leasing;

/// <summary>
/// Looks once a second whether there is work in the queues for which something waits in this process, since messages may get lost: one
/// exchange with the store, however many wait.
/// </summary>
internal sealed class QueuePoll(QueueHeads heads, StoreNotifications notifications, TimeProvider time) : BackgroundService
{
    /// <summary>How long a missed message can delay a claim.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await PollAsync();
                }
                catch (StoreUnavailableException)
                {
                    // The sweep says so, and the next poll comes in a second.
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    private async Task PollAsync()
    {
        var queues = notifications.Claimers.WaitedFor;
        if (queues.Count == 0)
        {
            return;
        }

        foreach (var (queue, head) in queues.Zip(await heads.ReadAsync([.. queues.Select(KeyOf)])))
        {
            notifications.Claimers.Wake(queue, head.Length);
        }
    }

    private static RedisKey KeyOf(string queue) => queue == StoreKeys.SavesMessage ? StoreKeys.Saves : StoreKeys.Queue(queue);
}
