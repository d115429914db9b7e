using System.Collections.Concurrent;
using StackExchange.Redis;

namespace ImageEditor.JobManager.Store;

/// <summary>Receives what any replica publishes, and wakes what waits for it in this process.</summary>
/// <remarks>Messages may get lost: who waits for a queue is also woken by <c>QueuePoll</c>, and whatever waits for a job polls.</remarks>
internal sealed partial class StoreNotifications(StoreConnection store, TimeProvider time, ILogger<StoreNotifications> logger)
    : BackgroundService
{
    private const int MaxPending = 64;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Claimers> _claimers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<JobSubscription>> _subscriptions = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Waits until something may be there to claim, or for the time given. One message wakes one that waits.</summary>
    /// <param name="queue">What is published when something waits there: a queue's name or <see cref="StoreKeys.SavesMessage"/>. Who takes
    /// recipes waits for their queue, and is woken for the other one, too.</param>
    /// <param name="timeout">How long at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task WaitForWorkAsync(string queue, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var claimers = _claimers.GetOrAdd(queue, _ => new Claimers());
        Interlocked.Increment(ref claimers.Waiting);
        try
        {
            await claimers.WaitAsync(timeout, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The caller sees it by its own token.
        }
        finally
        {
            Interlocked.Decrement(ref claimers.Waiting);
        }
    }

    /// <summary>The queues for which something waits in this process.</summary>
    public IReadOnlyList<string> WaitedFor => [.. _claimers.Where(each => each.Value.Waiting > 0).Select(each => each.Key)];

    /// <summary>Wakes as many as wait for a queue in this process, and no more than there is work.</summary>
    public void Wake(string queue, long work)
    {
        if (_claimers.TryGetValue(queue, out var claimers)
            && Math.Min(work, claimers.Waiting - claimers.CurrentCount) is > 0 and var count)
        {
            claimers.Release((int)count);
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
                    await store.Subscriber.SubscribeAsync(StoreKeys.Waiting, (_, queue) => NotifyClaimers(queue.ToString()));
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

    /// <summary>Wakes one that waits, of each kind that can take what came: some of either kind may be in other processes.</summary>
    private void NotifyClaimers(string queue)
    {
        NotifyClaimer(queue);
        if (StoreKeys.ConverterOf(queue) == queue)
        {
            NotifyClaimer(StoreKeys.QueueName(queue, ofRecipes: true));
        }
    }

    private void NotifyClaimer(string queue)
    {
        // In this process nothing waits for this queue.
        if (_claimers.TryGetValue(queue, out var claimers) && claimers.CurrentCount < MaxPending)
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

    /// <summary>Who waits for one queue; each message lets one of them go on.</summary>
    private sealed class Claimers() : SemaphoreSlim(initialCount: 0)
    {
        /// <summary>How many.</summary>
        public int Waiting;
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning, "No notifications from the job store yet, polling meanwhile: {Reason}", EventName = "NotSubscribed")]
        public static partial void NotSubscribed(ILogger logger, string reason);
    }
}
