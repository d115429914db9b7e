namespace ImageEditor.Testing.Network;

/// <summary>Counts what happens, and tells when it has happened so often.</summary>
public sealed class Tally
{
    private readonly Lock _lock = new();
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiting = [];
    private int _count;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    public void Add()
    {
        lock (_lock)
        {
            _count++;
            foreach (var (_, reached) in _waiting.Where(wait => wait.Count <= _count))
            {
                reached.TrySetResult();
            }

            _waiting.RemoveAll(wait => wait.Count <= _count);
        }
    }

    /// <summary>Completes when it has happened so often.</summary>
    public Task ReachAsync(int count, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_count >= count)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((count, reached));
            return reached.Task.WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);
        }
    }
}
