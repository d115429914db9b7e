namespace ImageEditor.ConversionManager.Leasing;

/// <summary>The slots of one queue: how many pieces of its work run at once in this process.</summary>
/// <typeparam name="TClaim">A lease on the work.</typeparam>
/// <param name="count">How many there are at first.</param>
internal sealed class WorkSlots<TClaim>(int count)
    where TClaim : LeaseClaim
{
    private readonly Lock _lock = new();
    private int _count = count;
    private int _taken;
    private int _frees;
    private Func<TClaim, Task>? _run;
    private TaskCompletionSource? _changed;

    /// <summary>
    /// How many there are. Where more are taken when it is set, none is free until enough of them were given back: work is not ended by it.
    /// </summary>
    public int Count
    {
        get => Read(() => _count);
        set => Change(() => _count = value);
    }

    /// <summary>How many are taken.</summary>
    public int Taken => Read(() => _taken);

    /// <summary>From now on slots can be taken.</summary>
    /// <param name="run">Runs what a slot is given, and throws nothing.</param>
    public void Open(Func<TClaim, Task> run) => Change(() => _run = run);

    /// <summary>From now on no slot can be taken: this process stops. One that is taken may still be given work.</summary>
    public void Close() => Change(() => _run = null);

    /// <summary>Takes a slot. It is held until it is given work and that is done, or until it is disposed of.</summary>
    /// <returns>Null when none is free, or none can be taken any more.</returns>
    public Slot? TryTake()
    {
        lock (_lock)
        {
            if (_run is null || _taken >= _count)
            {
                return null;
            }

            var slot = new Slot(this, _run);
            _taken++;
            Signal();
            return slot;
        }
    }

    /// <summary>Takes a slot, and waits for one if none is free.</summary>
    /// <returns>Null when none was free in time, or none can be taken any more.</returns>
    public async Task<Slot?> TakeAsync(TimeSpan wait, TimeProvider time)
    {
        using var timeout = new CancellationTokenSource(wait, time);
        while (true)
        {
            if (TryTake() is { } slot)
            {
                return slot;
            }

            try
            {
                await WaitAsync(() => _run is null || _taken < _count, timeout.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }

            if (Read(() => _run is null))
            {
                return null;
            }
        }
    }

    /// <summary>Waits until a slot is free.</summary>
    public Task WaitForFreeAsync(CancellationToken cancellationToken) => WaitAsync(() => _taken < _count, cancellationToken);

    /// <summary>Waits until none has been free for a while.</summary>
    public async Task WaitUntilExhaustedAsync(TimeSpan period, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            var frees = 0;
            await WaitAsync(
                () =>
                {
                    frees = _frees;
                    return _taken >= _count;
                },
                cancellationToken);
            using var timeout = new CancellationTokenSource(period, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            try
            {
                // One that was taken again at once was free all the same.
                await WaitAsync(() => _taken < _count || _frees != frees, either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Waits until no slot is taken.</summary>
    public Task WaitUntilUnusedAsync() => WaitAsync(() => _taken == 0, CancellationToken.None);

    private async Task WaitAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (condition())
                {
                    return;
                }

                changed = (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private void Free() => Change(() =>
    {
        _taken--;
        _frees++;
    });

    private T Read<T>(Func<T> value)
    {
        lock (_lock)
        {
            return value();
        }
    }

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
            Signal();
        }
    }

    private void Signal()
    {
        _changed?.SetResult();
        _changed = null;
    }

    /// <summary>A slot that was taken.</summary>
    internal sealed class Slot : IDisposable
    {
        private readonly WorkSlots<TClaim> _slots;
        private readonly Func<TClaim, Task> _run;
        private bool _isUsed;

        internal Slot(WorkSlots<TClaim> slots, Func<TClaim, Task> run) => (_slots, _run) = (slots, run);

        /// <summary>Gives it work, which it runs at once and apart from the caller: not in its trace, nor in what it logs.</summary>
        public void Give(TClaim claim)
        {
            if (!Interlocked.Exchange(ref _isUsed, true))
            {
                ThreadPool.UnsafeQueueUserWorkItem(static state => _ = state.Slot.RunAsync(state.Claim), (Slot: this, Claim: claim), false);
            }
        }

        /// <summary>Gives it back, unless it was given work.</summary>
        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _isUsed, true))
            {
                _slots.Free();
            }
        }

        private async Task RunAsync(TClaim claim)
        {
            try
            {
                await _run(claim);
            }
            finally
            {
                _slots.Free();
            }
        }
    }
}
