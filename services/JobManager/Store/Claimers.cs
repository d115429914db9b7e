namespace ImageEditor.JobManager.Store;

/// <summary>Who waits in this process for something to claim. A message wakes one that waits for its queue; where nobody does, it is kept for
/// the next.</summary>
internal sealed class Claimers(TimeProvider time)
{
    private const int MaxKept = 64;

    private readonly Lock _lock = new();

    /// <summary>Those that nobody has woken, in the order in which they came.</summary>
    private readonly List<Claimer> _waiting = [];

    /// <summary>Messages that met nobody, by queue. A queue that nobody has ever waited for has no entry.</summary>
    private readonly Dictionary<string, int> _kept = new(StringComparer.Ordinal);

    /// <summary>The queues for which somebody waits.</summary>
    public IReadOnlyList<string> WaitedFor
    {
        get
        {
            lock (_lock)
            {
                return [.. _waiting.SelectMany(claimer => claimer.Queues).Distinct(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Waits until something may be there to claim in one of several queues, or for the time given.</summary>
    /// <param name="queues">What is published when something waits there: queues' names, or <see cref="StoreKeys.SavesMessage"/>.</param>
    /// <param name="timeout">How long at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The message that woke it, which whoever does not claim then hands on (<see cref="Notify"/>); null when none did.</returns>
    public async Task<string?> WaitAsync(IReadOnlyList<string> queues, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var claimer = new Claimer(queues);
        lock (_lock)
        {
            foreach (var queue in queues)
            {
                _kept.TryAdd(queue, 0);
            }

            if (queues.FirstOrDefault(queue => _kept[queue] > 0) is { } known)
            {
                _kept[known]--;
                return known;
            }

            _waiting.Add(claimer);
        }

        using var timer = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        await ((Task)claimer.Woken.Task).WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
        {
            _waiting.Remove(claimer);
        }

        // Woken at the last moment, or even too late, is woken all the same.
        return claimer.Woken.Task is { IsCompletedSuccessfully: true, Result: var message } ? message : null;
    }

    /// <summary>Something may be there to claim: wakes one that waits for it.</summary>
    public void Notify(string queue)
    {
        lock (_lock)
        {
            if (!TryWake(queue) && _kept.TryGetValue(queue, out var kept))
            {
                _kept[queue] = Math.Min(kept + 1, MaxKept);
            }
        }
    }

    /// <summary>Wakes as many as wait for a queue, and no more than there is work.</summary>
    public void Wake(string queue, long work)
    {
        lock (_lock)
        {
            while (work > 0 && TryWake(queue))
            {
                work--;
            }
        }
    }

    /// <summary>Called under the lock.</summary>
    private bool TryWake(string queue)
    {
        var index = _waiting.FindIndex(claimer => claimer.Queues.Contains(queue, StringComparer.Ordinal));
        if (index < 0)
        {
            return false;
        }

        // Out of the list at once: another message, for whatever queue, is for another one.
        _waiting[index].Woken.SetResult(queue);
        _waiting.RemoveAt(index);
        return true;
    }

    private sealed record Claimer(IReadOnlyList<string> Queues)
    {
        /// <summary>The message that woke it.</summary>
        public TaskCompletionSource<string> Woken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
