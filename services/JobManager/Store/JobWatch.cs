namespace ImageEditor.JobManager.Store;

/// <summary>Gathers which of some jobs have changed, until somebody asks.</summary>
internal sealed class JobWatch(StoreSignals signals, IReadOnlyCollection<string> ids) : IDisposable
{
    private readonly SemaphoreSlim _signalled = new(0, 1);
    private readonly Lock _lock = new();
    private HashSet<string> _changed = new(StringComparer.Ordinal);

    /// <summary>Waits for a change, or for the time given.</summary>
    /// <returns>The jobs that changed; none when the time is over.</returns>
    public async Task<IReadOnlyCollection<string>> WaitAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        await _signalled.WaitAsync(longest, cancellationToken);
        lock (_lock)
        {
            var changed = _changed;
            _changed = new HashSet<string>(StringComparer.Ordinal);
            return changed;
        }
    }

    public void Dispose()
    {
        signals.Unwatch(this, ids);
        _signalled.Dispose();
    }

    internal void Signal(string id)
    {
        lock (_lock)
        {
            _changed.Add(id);
            if (_signalled.CurrentCount == 0)
            {
                _signalled.Release();
            }
        }
    }
}
