using StackExchange.Redis;

namespace ImageEditor.JobManager.Store;

/// <summary>Receives what any replica publishes, and wakes what waits for it in this process.</summary>
/// <remarks>Messages may get lost: who waits for a queue is also woken by <c>QueuePoll</c>, and whatever waits for a job polls.</remarks>
internal sealed partial class StoreNotifications(StoreConnection store, TimeProvider time, ILogger<StoreNotifications> logger)
    : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, HashSet<JobSubscription>> _subscriptions = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Who waits for something to claim.</summary>
    public Claimers Claimers { get; } = new(time);

    /// <summary>Watches jobs, until disposed.</summary>
    public JobSubscription Subscribe(IReadOnlyCollection<string> ids)
    {
        var subscription = new JobSubscription(this, ids);
        lock (_lock)
        {
            foreach (var id in ids)
            {
                if (!_subscriptions.TryGetValue(id, out var subscriptions))
                {
                    _subscriptions[id] = subscriptions = [];
                }

                subscriptions.Add(subscription);
            }
        }

        return subscription;
    }

    internal void Unsubscribe(JobSubscription subscription, IReadOnlyCollection<string> ids)
    {
        lock (_lock)
        {
            foreach (var id in ids)
            {
                if (_subscriptions.TryGetValue(id, out var subscriptions) && subscriptions.Remove(subscription) && subscriptions.Count == 0)
                {
                    _subscriptions.Remove(id);
                }
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The subscriptions outlive lost connections; only the first ones need the store. Subscribed twice, a handler is called twice.
        var isWaitingHeard = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!isWaitingHeard)
                {
                    await store.Subscriber.SubscribeAsync(StoreKeys.Waiting, (_, queue) => Claimers.Notify(queue.ToString()));
                    isWaitingHeard = true;
                }

                await store.Subscriber.SubscribeAsync(StoreKeys.Changed, (_, id) => NotifySubscribers(id.ToString()));
                return;
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                Log.NotSubscribed(logger, exception.Message);
            }

            try
            {
                await Task.Delay(RetryDelay, time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void NotifySubscribers(string id)
    {
        lock (_lock)
        {
            if (_subscriptions.TryGetValue(id, out var subscriptions))
            {
                foreach (var subscription in subscriptions)
                {
                    subscription.Notify(id);
                }
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning, "No notifications from the job store yet, polling meanwhile: {Reason}", EventName = "NotSubscribed")]
        public static partial void NotSubscribed(ILogger logger, string reason);
    }
}
