using System.Collections.Concurrent;
using StackExchange.Redis;

namespace ImageEditor.JobManager.Store;

/// <summary>Hears what any replica publishes, and wakes those in this process who wait for it. Signals may get lost: everyone who waits also polls.</summary>
internal sealed partial class StoreSignals(StoreConnection store, TimeProvider time, ILogger<StoreSignals> logger) : BackgroundService
{
    private const int MaxPending = 64;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _claimers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<JobWatch>> _watches = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Waits until a job may be there for a converter, or for the time given. One signal wakes one who waits.</summary>
    public async Task WaitForJobAsync(string converter, TimeSpan longest, CancellationToken cancellationToken)
    {
        try
        {
            await _claimers.GetOrAdd(converter, _ => new SemaphoreSlim(0)).WaitAsync(longest, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The caller sees it by its own token.
        }
    }

    /// <summary>Watches jobs, until disposed.</summary>
    public JobWatch Watch(IReadOnlyCollection<string> ids)
    {
        var watch = new JobWatch(this, ids);
        lock (_lock)
        {
            foreach (var id in ids)
            {
                if (!_watches.TryGetValue(id, out var watches))
                {
                    _watches[id] = watches = [];
                }

                watches.Add(watch);
            }
        }

        return watch;
    }

    internal void Unwatch(JobWatch watch, IReadOnlyCollection<string> ids)
    {
        lock (_lock)
        {
            foreach (var id in ids)
            {
                if (_watches.TryGetValue(id, out var watches) && watches.Remove(watch) && watches.Count == 0)
                {
                    _watches.Remove(id);
                }
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The subscriptions outlive lost connections; only the first ones need the store.
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await store.Subscriber.SubscribeAsync(StoreKeys.Waiting, (_, converter) => JobWaits(converter.ToString()));
                await store.Subscriber.SubscribeAsync(StoreKeys.Changed, (_, id) => JobChanged(id.ToString()));
                return;
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                Log.NotSubscribed(logger, exception.Message);
            }

            try
            {
                await Task.Delay(Pause, time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void JobWaits(string converter)
    {
        // Nobody here asks for this converter: nobody to wake.
        if (_claimers.TryGetValue(converter, out var claimers) && claimers.CurrentCount < MaxPending)
        {
            claimers.Release();
        }
    }

    private void JobChanged(string id)
    {
        lock (_lock)
        {
            if (_watches.TryGetValue(id, out var watches))
            {
                foreach (var watch in watches)
                {
                    watch.Signal(id);
                }
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "No signals from the job store yet, polling meanwhile: {Reason}", EventName = "NotSubscribed")]
        public static partial void NotSubscribed(ILogger logger, string reason);
    }
}
