using Microsoft.Extensions.Logging;

namespace ImageEditor.ServiceDefaults.Http;

/// <summary>Finds out whether a service is down, and aborts the calls that wait for it in vain.</summary>
/// <remarks>
/// A service's replicas share one address, and a network or proxy in between may accept connections and send nothing. So a silent service
/// has to be told from a busy one: the monitor probes <c>/health</c> while calls wait. The service is down when no probe was answered, and
/// no call either for a second. A single frozen replica does not bring it down. The monitor does nothing before the first call.
/// </remarks>
internal sealed partial class ServiceMonitor : IAsyncDisposable
{
    /// <summary>
    /// How long a call waits until the service is probed. It is also the interval of probes from then on, and while the service is down.
    /// </summary>
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>The interval of probes while long polls wait, once the service was heard of since they began.</summary>
    private static readonly TimeSpan LongPollProbeInterval = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A call that follows an answer this soon reached the same service: it is no repetition of one that broke, which follows later.
    /// </summary>
    private static readonly TimeSpan JustAnswered = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The interval of probes while no call waits. Whoever asks a service something every 5 s is answered before, and spares the probe.
    /// </summary>
    private static readonly TimeSpan IdleProbeInterval = TimeSpan.FromSeconds(5.5);

    /// <summary>A service that answered anything within this time is not down.</summary>
    private static readonly TimeSpan DownAfter = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How many concurrent probes follow a failed one: with one of two replicas frozen, all of them reach it once in 65,536 times.
    /// </summary>
    private const int ConfirmingProbes = 16;

    /// <summary>How many rounds of probes in a row do not count because this machine is busy.</summary>
    private const int MaxDelayedRounds = 3;

    /// <summary>Two time-outs of probes, and a timer's delay. A round that took longer was delayed by this machine.</summary>
    private static readonly TimeSpan DelayedRoundThreshold = TimeSpan.FromMilliseconds(1300);

    private readonly Uri _address;
    private readonly HealthProbe _probe;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long _origin;

    private readonly Lock _lock = new();
    private readonly LinkedList<WaitingCall> _waiting = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _timer;
    private TimeSpan _timerDue = TimeSpan.MaxValue;
    private TimeSpan _answeredAt;
    private TimeSpan _probedAt;
    private Task _probing = Task.CompletedTask;
    private bool _isProbing;
    private bool _isDoubtful;
    private bool _isDown;
    private int _delayedRounds;

    public ServiceMonitor(Uri address, HealthProbe probe, TimeProvider time, ILogger logger)
    {
        _address = address;
        _probe = probe;
        _time = time;
        _logger = logger;
        _origin = time.GetTimestamp();
        Name = address.Authority;

        // Otherwise the trace of the first caller would contain all later probes.
        using (ExecutionContext.SuppressFlow())
        {
            _timer = time.CreateTimer(
                static monitor => ((ServiceMonitor)monitor!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The service's authority, as in <c>job-manager</c>.</summary>
    public string Name { get; }

    public bool IsDown
    {
        get
        {
            lock (_lock)
            {
                return _isDown;
            }
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>A call begins.</summary>
    /// <returns>The call, for <see cref="End"/>.</returns>
    /// <exception cref="ServiceDownException">The service is down.</exception>
    public LinkedListNode<WaitingCall> Begin(TimeSpan? firstByteTimeout, bool isLongPoll, CancellationToken caller)
    {
        lock (_lock)
        {
            if (_isDown)
            {
                throw new ServiceDownException(Name);
            }

            var now = Now;
            var call = new WaitingCall(now, firstByteTimeout, isLongPoll, caller);
            EnsureTimer(Min(call.Deadline, now + ProbeInterval), now);
            return _waiting.AddLast(call);
        }
    }

    /// <summary>A call got its first byte, or failed.</summary>
    public void End(LinkedListNode<WaitingCall> call, bool answered)
    {
        lock (_lock)
        {
            _waiting.Remove(call);
            call.Value.Release();
            if (answered)
            {
                _answeredAt = Now;
            }
        }
    }

    /// <summary>Stops the monitor; completes when the last probe has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _timer.DisposeAsync();
        Task probing;
        lock (_lock)
        {
            probing = _probing;
        }

        await probing;
        _stopping.Dispose();
    }

    /// <summary>Aborts the calls whose time is over, and begins to probe when that is due.</summary>
    private void OnTimer()
    {
        lock (_lock)
        {
            if (_stopping.IsCancellationRequested)
            {
                return;
            }

            var now = Now;
            var next = TimeSpan.MaxValue;
            foreach (var call in _waiting)
            {
                if (call.Deadline > now)
                {
                    next = Min(next, call.Deadline);
                }
                else if (call.AbortReason is null)
                {
                    call.Abort(new FirstByteTimeoutException(Name, call.Timeout!.Value));
                }
            }

            if (!_isProbing && GetNextProbe() <= now)
            {
                _isProbing = true;
                _probedAt = now;
                _probing = Task.Run(ProbeAsync);
            }

            // The end of the probe calls this again.
            _timerDue = TimeSpan.MaxValue;
            EnsureTimer(_isProbing ? next : Min(next, GetNextProbe()), now);
        }
    }

    private TimeSpan GetNextProbe()
    {
        if (_isDown || _isDoubtful)
        {
            return _probedAt + ProbeInterval;
        }

        // A response to a call proves as much as one to a probe.
        var lastContact = Max(_answeredAt, _probedAt);
        var next = lastContact + IdleProbeInterval;
        foreach (var call in _waiting)
        {
            var isPatient = call.IsLongPoll && lastContact >= call.Started - JustAnswered;
            next = Min(next, Max(lastContact, call.Started) + (isPatient ? LongPollProbeInterval : ProbeInterval));
        }

        return next;
    }

    private async Task ProbeAsync()
    {
        try
        {
            var began = Now;
            var answered = await _probe.IsAnsweredAsync(_address, _stopping.Token);

            // A service that is down already is not probed 16 times at a time: that would be a load, and the next probe follows soon.
            RecordProbe(answered || (!IsDown && await IsAnyAnsweredAsync()), Now - began);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return;
        }

        OnTimer();
    }

    private async Task<bool> IsAnyAnsweredAsync()
    {
        using var firstAnswer = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var probes = Enumerable.Range(0, ConfirmingProbes).Select(_ => _probe.IsAnsweredAsync(_address, firstAnswer.Token)).ToList();
        try
        {
            await foreach (var probe in Task.WhenEach(probes))
            {
                if (await probe)
                {
                    return true;
                }
            }

            return false;
        }
        finally
        {
            // The others are cancelled, and their exceptions ignored.
            await firstAnswer.CancelAsync();
            await ((Task)Task.WhenAll(probes)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void RecordProbe(bool answered, TimeSpan took)
    {
        lock (_lock)
        {
            _isProbing = false;
            _isDoubtful = !answered;

            // Probes that end long after their time-out show that this machine is busy, not that the service is silent. That may
            // happen a few times.
            _delayedRounds = !answered && took > DelayedRoundThreshold ? _delayedRounds + 1 : 0;
            if (answered)
            {
                _answeredAt = Now;
                if (_isDown)
                {
                    _isDown = false;
                    Log.Up(_logger, Name);
                }
            }
            else if (!_isDown && Now - _answeredAt >= DownAfter && _delayedRounds is 0 or > MaxDelayedRounds)
            {
                _isDown = true;
                Log.Down(_logger, Name, _waiting.Count);
                foreach (var call in _waiting)
                {
                    call.Abort(new ServiceDownException(Name));
                }
            }
        }
    }

    /// <summary>Makes the timer fire at a time, or before.</summary>
    private void EnsureTimer(TimeSpan at, TimeSpan now)
    {
        if (at < _timerDue)
        {
            _timerDue = at;

            // Timers may fire a little early by this clock, when there is nothing to do yet.
            _timer.Change(Max(at - now, TimeSpan.Zero) + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "{Service} is down: nothing answers its health check; {Calls} calls that waited for it are aborted",
            EventName = "ServiceDown")]
        public static partial void Down(ILogger logger, string service, int calls);

        [LoggerMessage(LogLevel.Information, "{Service} is up again", EventName = "ServiceUp")]
        public static partial void Up(ILogger logger, string service);
    }
}
