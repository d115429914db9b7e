namespace ImageEditor.JobManager.Store;

/// <summary>Collects which of some jobs have changed, until they are read.</summary>
internal sealed class JobSubscription(StoreNotifications notifications, IReadOnlyCollection<string> ids) : IDisposable
{
    private readonly SemaphoreSlim _notified = new(0, 1);
    private readonly Lock _lock = new();
    private HashSet<string> _changed = new(StringComparer.Ordinal);

    /// <summary>Waits for a change, or for the time given.</summary>
    /// <returns>The jobs that changed; none when the time is over.</returns>
    public async Task<IReadOnlyCollection<string>> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        await _notified.WaitAsync(timeout, cancellationToken);
        lock (_lock)
        {
            var changed = _changed;
            _changed = new HashSet<string>(StringComparer.Ordinal);
            return changed;
        }
    }

    public void Dispose()
    {
        notifications.Unsubscribe(this, ids);
        _notified.Dispose();
    }

    internal void Notify(string id)
    {
        lock (_lock)
        {
            _changed.Add(id);
            if (_notified.CurrentCount == 0)
            {
                _notified.Release();
            }
        }
    }
}
