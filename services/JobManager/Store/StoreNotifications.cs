using System.Collections.Concurrent;
using StackExchange.Redis;

namespace ImageEditor.JobManager.Store;

/// <summary>Receives what any replica publishes, and wakes what waits for it in this process.</summary>
/// <remarks>Messages may get lost: whatever waits also polls.</remarks>
internal sealed partial class StoreNotifications(StoreConnection store, TimeProvider time, ILogger<StoreNotifications> logger)
    : BackgroundService
{
    private const int MaxPending = 64;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _claimers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<JobSubscription>> _subscriptions = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Waits until a job may be there for a converter, or for the time given. One message wakes one that waits.</summary>
    public async Task WaitForJobAsync(string converter, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            await _claimers.GetOrAdd(converter, _ => new SemaphoreSlim(0)).WaitAsync(timeout, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The caller sees it by its own token.
        }
    }

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
                    await store.Subscriber.SubscribeAsync(StoreKeys.Waiting, (_, converter) => NotifyClaimer(converter.ToString()));
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

    private void NotifyClaimer(string converter)
    {
        // In this process nothing waits for this converter.
        if (_claimers.TryGetValue(converter, out var claimers) && claimers.CurrentCount < MaxPending)
        {
            claimers.Release();
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
