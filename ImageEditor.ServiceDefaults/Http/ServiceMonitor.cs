using Microsoft.Extensions.Logging;

namespace ImageEditor.ServiceDefaults.Http;

/// <summary>Knows whether a service is down, and cuts off the calls to it that wait in vain.</summary>
/// <remarks>
/// A service's replicas share one address, and a network or proxy in between may accept connections and say nothing. So silence has to be
/// told from work: calls that wait make the monitor probe <c>/health</c>, and only where no probe is answered, and nothing else was for a
/// second, is the service down. A single frozen replica never makes it so. Nothing happens before the first call.
/// </remarks>
internal sealed partial class ServiceMonitor : IAsyncDisposable
{
    /// <summary>How long a call waits before it is asked whether anybody is there, and how often from then on, and while the service is down.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>How often the service is asked when there is no reason to.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    /// <summary>A service that answered anything within this time is not down.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    /// <summary>How many probes follow together on one that failed: with one replica of two frozen, all of them meet it once in 65,536 times.</summary>
    private const int Repeats = 16;

    /// <summary>How many rounds of probes in a row may be excused by a busy machine.</summary>
    private const int MaxLateRounds = 3;

    /// <summary>Two time-outs of probes, and what a timer may be late by: a round that took longer was held up here.</summary>
    private static readonly TimeSpan LateRound = TimeSpan.FromMilliseconds(1300);

    private readonly Uri _address;
    private readonly HealthProbe _probe;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long _origin;

    private readonly Lock _lock = new();
    private readonly LinkedList<WaitingCall> _waiting = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _timer;
    private TimeSpan _wakesAt = TimeSpan.MaxValue;
    private TimeSpan _answeredAt;
    private TimeSpan _probedAt;
    private Task _probing = Task.CompletedTask;
    private bool _isProbing;
    private bool _isDoubtful;
    private bool _isDown;
    private int _lateRounds;

    public ServiceMonitor(Uri address, HealthProbe probe, TimeProvider time, ILogger logger)
    {
        _address = address;
        _probe = probe;
        _time = time;
        _logger = logger;
        _origin = time.GetTimestamp();
        Name = address.Authority;

        // Or the trace of whoever calls first would hold all that ever happens here.
        using (ExecutionContext.SuppressFlow())
        {
            _timer = time.CreateTimer(static monitor => ((ServiceMonitor)monitor!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
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
    /// <returns>The call, to be handed back to <see cref="End"/>.</returns>
    /// <exception cref="ServiceDownException">The service is down.</exception>
    public LinkedListNode<WaitingCall> Begin(TimeSpan? firstByteWithin, CancellationToken caller)
    {
        lock (_lock)
        {
            if (_isDown)
            {
                throw new ServiceDownException(Name);
            }

            var now = Now;
            var call = new WaitingCall(now, firstByteWithin, caller);
            WakeBy(Earlier(call.Deadline, now + Patience), now);
            return _waiting.AddLast(call);
        }
    }

    /// <summary>A call has its first byte, or has failed.</summary>
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

    /// <summary>Ends the monitoring; completes when no probe is under way any more.</summary>
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

    /// <summary>The timer fired: cuts off the calls whose time is over, and begins to probe when that is due.</summary>
    private void Look()
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
                    next = Earlier(next, call.Deadline);
                }
                else if (call.CutOffBy is null)
                {
                    call.CutOff(new FirstByteTimeoutException(Name, call.Within!.Value));
                }
            }

            if (!_isProbing && ProbeDue() <= now)
            {
                _isProbing = true;
                _probedAt = now;
                _probing = Task.Run(ProbeAsync);
            }

            // The end of a probe looks again.
            _wakesAt = TimeSpan.MaxValue;
            WakeBy(_isProbing ? next : Earlier(next, ProbeDue()), now);
        }
    }

    private TimeSpan ProbeDue()
    {
        if (_isDown || _isDoubtful)
        {
            return _probedAt + Patience;
        }

        // An answer to a call tells as much as one to a probe.
        var heardOf = Later(_answeredAt, _probedAt);
        return _waiting.First is { } oldest ? Earlier(heardOf + Idle, Later(heardOf, oldest.Value.Started) + Patience) : heardOf + Idle;
    }

    private async Task ProbeAsync()
    {
        try
        {
            var began = Now;
            var answered = await _probe.IsAnsweredAsync(_address, _stopping.Token);

            // What is down already needs no second opinion: the next probe is on its way soon enough, and 16 at a time, for ever, are a load.
            Judge(answered || (!IsDown && await IsOneOfManyAnsweredAsync()), Now - began);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return;
        }

        Look();
    }

    private async Task<bool> IsOneOfManyAnsweredAsync()
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var probes = Enumerable.Range(0, Repeats).Select(_ => _probe.IsAnsweredAsync(_address, enough.Token)).ToList();
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
            // The others are hung up on; that they say so by an exception is no news.
            await enough.CancelAsync();
            await ((Task)Task.WhenAll(probes)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Judge(bool answered, TimeSpan took)
    {
        lock (_lock)
        {
            _isProbing = false;
            _isDoubtful = !answered;

            // Probes that end long after their time-out say that this machine is too busy, not that the service is silent; but not for ever.
            _lateRounds = !answered && took > LateRound ? _lateRounds + 1 : 0;
            if (answered)
            {
                _answeredAt = Now;
                if (_isDown)
                {
                    _isDown = false;
                    Log.Up(_logger, Name);
                }
            }
            else if (!_isDown && Now - _answeredAt >= Silence && _lateRounds is 0 or > MaxLateRounds)
            {
                _isDown = true;
                Log.Down(_logger, Name, _waiting.Count);
                foreach (var call in _waiting)
                {
                    call.CutOff(new ServiceDownException(Name));
                }
            }
        }
    }

    /// <summary>Sees to it that the timer fires at a time, or before.</summary>
    private void WakeBy(TimeSpan at, TimeSpan now)
    {
        if (at < _wakesAt)
        {
            _wakesAt = at;

            // Timers may fire a little early by the clock that counts here, and would then find nothing to do.
            _timer.Change(Later(at - now, TimeSpan.Zero) + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }
    }

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Service} is down: nothing answers its health check; {Calls} calls that waited for it are cut off", EventName = "ServiceDown")]
        public static partial void Down(ILogger logger, string service, int calls);

        [LoggerMessage(LogLevel.Information, "{Service} is up again", EventName = "ServiceUp")]
        public static partial void Up(ILogger logger, string service);
    }
}
