namespace ImageEditor.ConversionManager.Leasing;

/// <summary>
/// The slots of one queue: how many pieces of its work run at once in this process. A new claim takes one, and so does a step of work that
/// came from another queue. Where both wait, a slot that becomes free goes to one and the other in turn. What nobody waits for can be lent,
/// and is free to both all the same.
/// </summary>
/// <typeparam name="TClaim">A lease on the work.</typeparam>
/// <param name="count">How many there are at first.</param>
internal sealed class WorkSlots<TClaim>(int count)
    where TClaim : LeaseClaim
{
    private readonly Lock _lock = new();
    private int _count = count;
    private readonly List<TaskCompletionSource<Slot>> _steps = [];
    private readonly List<Loan> _loans = [];
    private int _taken;
    private int _frees;
    private int _running;
    private bool _claimWaits;
    private bool _lastWasStep;
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

    /// <summary>
    /// From now on no claim can take a slot: this process stops. One that is taken may still be given work, and work that runs may go on to
    /// its next step.
    /// </summary>
    public void Close() => Change(() => (_run, _claimWaits) = (null, false));

    /// <summary>Takes a slot for new work. It is held until it is given work and that is done, or until it is disposed of.</summary>
    /// <returns>Null when none is free that no step waits for, or none can be taken any more.</returns>
    public Slot? TryTake()
    {
        lock (_lock)
        {
            return _steps.Count > 0 ? null : Take();
        }
    }

    /// <summary>Lends a slot that nothing waits for, until it is disposed of or work takes it.</summary>
    /// <returns>Null when there is none, or none can be taken any more.</returns>
    public Loan? TryLend()
    {
        lock (_lock)
        {
            if (_run is null || _claimWaits || _steps.Count > 0 || _taken + _loans.Count >= _count)
            {
                return null;
            }

            var loan = new Loan(this);
            _loans.Add(loan);
            return loan;
        }
    }

    /// <summary>Takes a slot for a step of work that runs already, and waits for one if none is free.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<Slot> TakeForStepAsync(CancellationToken cancellationToken)
    {
        var step = new TaskCompletionSource<Slot>(TaskCreationOptions.RunContinuationsAsynchronously);
        Change(() => _steps.Add(step));
        using var registration = cancellationToken.Register(() => Change(() =>
        {
            if (_steps.Remove(step))
            {
                step.SetCanceled(cancellationToken);
            }
        }));
        return await step.Task;
    }

    /// <summary>Takes a slot for a claim that was granted, and waits for one if none is free.</summary>
    /// <returns>Null when none was free in time, or none can be taken any more.</returns>
    public async Task<Slot?> TakeAsync(TimeSpan wait, TimeProvider time)
    {
        using var timeout = new CancellationTokenSource(wait, time);
        while (true)
        {
            lock (_lock)
            {
                if (Take() is { } slot)
                {
                    return slot;
                }

                _claimWaits = _run is not null;
            }

            try
            {
                await WaitAsync(() => _run is null || _taken < _count, timeout.Token);
            }
            catch (OperationCanceledException)
            {
                PassTurn();
                return null;
            }

            if (Read(() => _run is null))
            {
                return null;
            }
        }
    }

    /// <summary>Waits until a slot is free for a claim.</summary>
    /// <returns>
    /// Whether a step waits for it, too: the slot is kept until it is taken (<see cref="TakeAsync"/>) or passed on
    /// (<see cref="PassTurn"/>), which should not take long.
    /// </returns>
    public async Task<bool> WaitForFreeAsync(CancellationToken cancellationToken)
    {
        var isKept = false;
        try
        {
            await WaitAsync(
                () =>
                {
                    var isFree = _taken < _count;
                    isKept = isFree && _steps.Count > 0;
                    _claimWaits = !isFree || isKept;
                    return isFree;
                },
                cancellationToken);
            return isKept;
        }
        catch (OperationCanceledException)
        {
            PassTurn();
            throw;
        }
    }

    /// <summary>No claim waits any more: a slot that was kept for one goes to the next step.</summary>
    public void PassTurn() => Change(() => _claimWaits = false);

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

    /// <summary>Waits until no slot is taken, and no work runs that was given one.</summary>
    public Task WaitUntilUnusedAsync() => WaitAsync(() => _taken == 0 && _running == 0, CancellationToken.None);

    /// <summary>A slot for new work; null when none is free. Called under the lock.</summary>
    private Slot? Take()
    {
        if (_run is null || _taken >= _count)
        {
            return null;
        }

        _taken++;
        (_claimWaits, _lastWasStep) = (false, false);
        Recall();
        Signal();
        return new Slot(this, _run);
    }

    /// <summary>Gives free slots to the steps that wait, unless it is a claim's turn. Called under the lock.</summary>
    private void HandOut()
    {
        while (_steps.Count > 0 && _taken < _count && !(_claimWaits && _lastWasStep))
        {
            var step = _steps[0];
            _steps.RemoveAt(0);
            _taken++;
            _lastWasStep = true;
            step.SetResult(new Slot(this, run: null));
        }
    }

    /// <summary>Ends loans, the newest first, whose slots are taken or gone. Called under the lock.</summary>
    private void Recall()
    {
        while (_loans.Count > 0 && _taken + _loans.Count > _count)
        {
            _loans[^1].Recall();
            _loans.RemoveAt(_loans.Count - 1);
        }
    }

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
            HandOut();
            Recall();
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
        private readonly Func<TClaim, Task>? _run;
        private bool _isUsed;
        private bool _isBack;

        /// <param name="slots">Where it is from.</param>
        /// <param name="run">Runs what it is given; null for a step, which is given nothing.</param>
        internal Slot(WorkSlots<TClaim> slots, Func<TClaim, Task>? run) => (_slots, _run) = (slots, run);

        /// <summary>Gives it work, which it runs at once and apart from the caller: not in its trace, nor in what it logs.</summary>
        public void Give(TClaim claim)
        {
            var run = _run ?? throw new InvalidOperationException("A step has its work already.");
            if (!Interlocked.Exchange(ref _isUsed, true))
            {
                _slots.Change(() => _slots._running++);
                ThreadPool.UnsafeQueueUserWorkItem(
                    static state => _ = state.Slot.RunAsync(state.Run, state.Claim), (Slot: this, Run: run, Claim: claim), false);
            }
        }

        /// <summary>Gives it back, unless it was given work.</summary>
        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _isUsed, true))
            {
                GiveBack();
            }
        }

        /// <summary>Gives it back even while its work runs.</summary>
        private void GiveBack()
        {
            if (!Interlocked.Exchange(ref _isBack, true))
            {
                _slots.Free();
            }
        }

        private async Task RunAsync(Func<TClaim, Task> run, TClaim claim)
        {
            try
            {
                claim.GiveSlotBack = GiveBack;
                await run(claim);
            }
            finally
            {
                GiveBack();
                _slots.Change(() => _slots._running--);
            }
        }
    }

    /// <summary>A slot that was lent.</summary>
    internal sealed class Loan : IDisposable
    {
        private readonly WorkSlots<TClaim> _slots;

        /// <remarks>Not disposed of, since it may be cancelled at the same time; it has no timer and no parent.</remarks>
        private readonly CancellationTokenSource _recalled = new();

        internal Loan(WorkSlots<TClaim> slots) => _slots = slots;

        /// <summary>Cancelled when work takes the slot.</summary>
        public CancellationToken Recalled => _recalled.Token;

        /// <summary>Gives it back.</summary>
        public void Dispose() => _slots.Change(() => _slots._loans.Remove(this));

        /// <summary>Ends it. What is registered with the token runs elsewhere: the caller holds the lock.</summary>
        internal void Recall() => _ = _recalled.CancelAsync();
    }
}
