using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace ImageEditor.ServiceDefaults.Stores;

/// <summary>Tells a silent store from a slow call, so that no call waits for a silent store.</summary>
/// <remarks>
/// It probes the store when calls have waited for <see cref="ProbeTimeout"/>. The store is lost after two probes in a row without an
/// answer, while no call was answered either. Then waiting calls are abandoned, and new ones fail at once, until the store answers a probe
/// again. A slow disk, a large value or a lock delays a call, but not a probe.
/// </remarks>
public sealed partial class StoreWatch : BackgroundService
{
    /// <summary>How long a call waits until the store is probed, and how long a probe waits for its answer.</summary>
    public static readonly TimeSpan ProbeTimeout = TimeSpan.FromMilliseconds(500);

    private const int MaxUnansweredProbes = 2;
    private const int MaxDelayedProbes = 4;
    private const string MeterName = "ImageEditor.Stores";
    private static readonly TimeSpan DelayedProbeThreshold = TimeSpan.FromMilliseconds(650);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan IdleProbeInterval = TimeSpan.FromSeconds(5);

    private readonly IStoreProbe _probe;
    private readonly TimeProvider _time;
    private readonly ILogger<StoreWatch> _logger;
    private readonly Lock _lock = new();

    /// <summary>The start of each waiting call, in that order.</summary>
    private readonly LinkedList<long> _waiting = [];

    /// <summary>Released by a call that waits alone: until then nothing has to be checked often.</summary>
    private readonly SemaphoreSlim _entered = new(0, 1);

    private volatile CancellationTokenSource _lost = new();
    private volatile bool _hasAnswered;
    private long _answeredAt;
    private long? _probedAt;
    private int _unansweredProbes;
    private int _delayedProbes;

    /// <summary>Watches a store.</summary>
    public StoreWatch(IStoreProbe probe, IMeterFactory meters, TimeProvider time, ILogger<StoreWatch> logger)
    {
        (_probe, _time, _logger) = (probe, time, logger);
        _answeredAt = time.GetTimestamp();
        meters.Create(MeterName).CreateObservableGauge(
            "image_editor.store.up",
            () => new Measurement<int>(_hasAnswered && !IsLost ? 1 : 0, KeyValuePair.Create<string, object?>("store", probe.Store)),
            description: "1 while the store answers this replica, else 0: the service is degraded");
    }

    /// <summary>Whether the store has answered at least once since this process started.</summary>
    public bool HasAnswered => _hasAnswered;

    /// <summary>Whether calls are refused because the store does not answer.</summary>
    public bool IsLost => _lost.IsCancellationRequested;

    /// <summary>Calls the store, and waits as long as the store is there.</summary>
    /// <remarks>
    /// An abandoned call continues until the store answers it or its own time is over, and may still have an effect. So it must not use
    /// what its caller disposes.
    /// </remarks>
    /// <param name="call">
    /// The call. Its token is cancelled when the call is abandoned, and is meant to be checked between steps: clients of stores do not end
    /// a call by a token before the store has answered.
    /// </param>
    /// <exception cref="TimeoutException">The store is lost.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call)
    {
        var lost = _lost;
        if (lost.IsCancellationRequested)
        {
            throw CreateTimeout();
        }

        var waiting = Enter();
        Task<T>? running = null;
        try
        {
            running = call(lost.Token);
            var answer = await running.WaitAsync(lost.Token);
            Volatile.Write(ref _answeredAt, _time.GetTimestamp());
            return answer;
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            IgnoreFailure(running);
            throw CreateTimeout();
        }
        finally
        {
            Leave(waiting);
        }
    }

    /// <summary>Probes the store if that is due.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var interval = IsLost || _unansweredProbes > 0 || GetLongestWait() >= ProbeTimeout ? ProbeTimeout : IdleProbeInterval;
        if (_probedAt is { } last && _time.GetElapsedTime(last) < interval)
        {
            return;
        }

        var now = _time.GetTimestamp();
        _probedAt = now;
        var silence = await ProbeAsync(cancellationToken);
        if (silence is null)
        {
            RecordAnswer();
        }
        else if (!IsLost)
        {
            // A probe that ends long after its time-out shows that this machine is busy, not that the store is silent. That may
            // happen a few times.
            _delayedProbes = _time.GetElapsedTime(now) > DelayedProbeThreshold && _delayedProbes < MaxDelayedProbes
                ? _delayedProbes + 1
                : 0;
            _unansweredProbes = Volatile.Read(ref _answeredAt) > now || _delayedProbes > 0 ? 0 : _unansweredProbes + 1;
            if (_unansweredProbes >= MaxUnansweredProbes)
            {
                Log.Lost(_logger, _probe.Store, silence);
                await _lost.CancelAsync();
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await CheckAsync(stoppingToken);
                if (!IsQuiet() || await WaitForCallAsync(stoppingToken))
                {
                    await Task.Delay(CheckInterval, _time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    /// <returns>Null when the store answered; otherwise the reason.</returns>
    private async Task<string?> ProbeAsync(CancellationToken cancellationToken)
    {
        // Probes are not part of any trace.
        using var suppression = SuppressInstrumentationScope.Begin();
        using var timeout = new CancellationTokenSource(ProbeTimeout, _time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        Task? ping = null;
        try
        {
            ping = _probe.PingAsync(end.Token);
            await ping.WaitAsync(end.Token);
            return null;
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception) when (timeout.IsCancellationRequested)
        {
            IgnoreFailure(ping);
            return "no answer";
        }
        catch (Exception exception)
        {
            return exception.Message;
        }
    }

    private void RecordAnswer()
    {
        _unansweredProbes = 0;
        if (!_hasAnswered)
        {
            _hasAnswered = true;
            Log.Met(_logger, _probe.Store);
        }
        else if (IsLost)
        {
            Log.Returned(_logger, _probe.Store);
        }

        if (IsLost)
        {
            _probe.Returned();
            _lost = new CancellationTokenSource();
        }
    }

    /// <summary>Whether the store answered when it was asked last, and no call waits for it.</summary>
    private bool IsQuiet()
    {
        lock (_lock)
        {
            return _hasAnswered && !IsLost && _unansweredProbes == 0 && _delayedProbes == 0 && _waiting.Count == 0;
        }
    }

    /// <returns>False when none came until the store is to be probed again.</returns>
    private async Task<bool> WaitForCallAsync(CancellationToken stopping)
    {
        using var idle = new CancellationTokenSource(IdleProbeInterval, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, stopping);
        try
        {
            await _entered.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return false;
        }
    }

    private LinkedListNode<long> Enter()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0 && _entered.CurrentCount == 0)
            {
                _entered.Release();
            }

            return _waiting.AddLast(_time.GetTimestamp());
        }
    }

    private void Leave(LinkedListNode<long> waiting)
    {
        lock (_lock)
        {
            _waiting.Remove(waiting);
        }
    }

    private TimeSpan GetLongestWait()
    {
        lock (_lock)
        {
            return _waiting.First is { } first ? _time.GetElapsedTime(first.Value) : TimeSpan.Zero;
        }
    }

    private TimeoutException CreateTimeout() => new($"The {_probe.Store} does not answer.");

    /// <summary>Ignores how an abandoned task fails.</summary>
    private static void IgnoreFailure(Task? task) =>
        _ = task?.ContinueWith(
            ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The {Store} is there", EventName = "StoreMet")]
        public static partial void Met(ILogger logger, string store);

        [LoggerMessage(
            LogLevel.Error,
            "The {Store} is lost ({Reason}): calls that need it are answered 503 until it is back",
            EventName = "StoreLost")]
        public static partial void Lost(ILogger logger, string store, string reason);

        [LoggerMessage(LogLevel.Information, "The {Store} is back", EventName = "StoreReturned")]
        public static partial void Returned(ILogger logger, string store);
    }
}
