namespace ImageEditor.ConversionManager.Leasing;

/// <summary>Slots that wait for work. Who has work for one, and takes it, comes before the queue.</summary>
/// <typeparam name="TClaim">A lease on the work.</typeparam>
internal sealed class IdleSlots<TClaim>
    where TClaim : LeaseClaim
{
    private readonly Lock _lock = new();
    private readonly List<Slot> _idle = [];
    private bool _isClosed;

    /// <summary>Says that a slot waits for work.</summary>
    public Slot Enter()
    {
        var slot = new Slot();
        lock (_lock)
        {
            _idle.Add(slot);
        }

        return slot;
    }

    /// <summary>Says that a slot waits no longer.</summary>
    /// <returns>False when somebody has taken it: then work is to be awaited.</returns>
    public bool TryLeave(Slot slot)
    {
        lock (_lock)
        {
            return _idle.Remove(slot);
        }
    }

    /// <summary>Takes a slot. It is held until it is given work, or disposed of.</summary>
    /// <returns>Null when none waits, or none is given any more.</returns>
    public Slot? TryTake()
    {
        Slot slot;
        lock (_lock)
        {
            if (_isClosed || _idle.Count == 0)
            {
                return null;
            }

            slot = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
        }

        slot.Take();
        return slot;
    }

    /// <summary>From now on no slot can be taken: this process stops.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
        }
    }

    /// <summary>A slot that waits for work.</summary>
    internal sealed class Slot : IDisposable
    {
        private readonly TaskCompletionSource _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<TClaim?> _work = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes when somebody has taken the slot.</summary>
        public Task Taken => _taken.Task;

        /// <summary>What it was given; null when there was nothing after all.</summary>
        public Task<TClaim?> Work => _work.Task;

        /// <summary>Gives it work, which it runs at once.</summary>
        public void Give(TClaim claim) => _work.TrySetResult(claim);

        /// <summary>Gives it back, unless it was given work.</summary>
        public void Dispose() => _work.TrySetResult(null);

        internal void Take() => _taken.TrySetResult();
    }
}
