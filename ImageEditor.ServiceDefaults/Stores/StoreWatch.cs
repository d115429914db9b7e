using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace ImageEditor.ServiceDefaults.Stores;

/// <summary>Tells a store that is silent from a call that is slow, and lets nobody wait for one that is silent.</summary>
/// <remarks>
/// While calls have waited for <see cref="Patience"/> the store is asked whether it is there. Two questions in a row without an answer, and no call
/// answered meanwhile, and it is lost: calls that wait are cut off, and new ones refused at once, until it answers such a question again. A slow
/// disk, a large value or a lock holds up a call, and not those questions.
/// </remarks>
public sealed partial class StoreWatch : BackgroundService
{
    /// <summary>How long a call waits before the store is asked, and how long the store may take to say that it is there.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private const int LostAfter = 2;
    private const int MaxLateQuestions = 4;
    private const string MeterName = "ImageEditor.Stores";
    private static readonly TimeSpan LateQuestion = TimeSpan.FromMilliseconds(650);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan WhenIdle = TimeSpan.FromSeconds(5);

    private readonly IStoreProbe _probe;
    private readonly TimeProvider _time;
    private readonly ILogger<StoreWatch> _logger;
    private readonly Meter _meter;
    private readonly Lock _lock = new();

    /// <summary>When each call that waits began, in that order.</summary>
    private readonly LinkedList<long> _waiting = [];

    private volatile CancellationTokenSource _lost = new();
    private volatile bool _isMet;
    private long _answered;
    private long? _asked;
    private int _unanswered;
    private int _lateQuestions;

    /// <summary>Watches a store.</summary>
    public StoreWatch(IStoreProbe probe, IMeterFactory meters, TimeProvider time, ILogger<StoreWatch> logger)
    {
        (_probe, _time, _logger) = (probe, time, logger);
        _answered = time.GetTimestamp();
        _meter = meters.Create(MeterName);
        _meter.CreateObservableGauge(
            "image_editor.store.up",
            () => new Measurement<int>(_isMet && !IsLost ? 1 : 0, KeyValuePair.Create<string, object?>("store", probe.Store)),
            description: "1 while the store answers this replica, else 0: the service is degraded");
    }

    /// <summary>Whether the store has answered at least once since this process started.</summary>
    public bool IsMet => _isMet;

    /// <summary>Whether calls are refused because the store does not answer.</summary>
    public bool IsLost => _lost.IsCancellationRequested;

    /// <summary>Calls the store, and waits as long as the store is there.</summary>
    /// <remarks>
    /// A call that was cut off goes on by itself, until the store answers it or its own time is over, and may have its effect yet. So it must not use
    /// what ends with its caller.
    /// </remarks>
    /// <param name="call">The call. Its token says that it was cut off: to look at between steps; clients of stores need an answer to end a call on a token.</param>
    /// <exception cref="TimeoutException">The store does not answer anything.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call)
    {
        var lost = _lost;
        if (lost.IsCancellationRequested)
        {
            throw Silent();
        }

        var waiting = Enter();
        Task<T>? running = null;
        try
        {
            running = call(lost.Token);
            var answer = await running.WaitAsync(lost.Token);
            Volatile.Write(ref _answered, _time.GetTimestamp());
            return answer;
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested && running is { IsCompleted: false })
        {
            Forget(running);
            throw Silent();
        }
        finally
        {
            Leave(waiting);
        }
    }

    /// <summary>Looks once whether the store is to be asked, and asks it.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var interval = IsLost || _unanswered > 0 || LongestWait() >= Patience ? Patience : WhenIdle;
        if (_asked is { } last && _time.GetElapsedTime(last) < interval)
        {
            return;
        }

        var now = _time.GetTimestamp();
        _asked = now;
        var silence = await AskAsync(cancellationToken);
        if (silence is null)
        {
            Answered();
        }
        else if (!IsLost)
        {
            // A question that ends long after its time says that this machine is too busy, not that the store is silent; but not for ever.
            _lateQuestions = _time.GetElapsedTime(now) > LateQuestion && _lateQuestions < MaxLateQuestions ? _lateQuestions + 1 : 0;
            _unanswered = Volatile.Read(ref _answered) > now || _lateQuestions > 0 ? 0 : _unanswered + 1;
            if (_unanswered >= LostAfter)
            {
                Log.Lost(_logger, _probe.Store, silence);
                await _lost.CancelAsync();
            }
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, _time);
        try
        {
            do
            {
                await CheckAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    /// <returns>Null when the store is there, else why not.</returns>
    private async Task<string?> AskAsync(CancellationToken cancellationToken)
    {
        // Questions are no part of anybody's trace.
        using var unseen = SuppressInstrumentationScope.Begin();
        using var patience = new CancellationTokenSource(Patience, _time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
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
        catch (Exception) when (patience.IsCancellationRequested)
        {
            Forget(ping);
            return "no answer";
        }
        catch (Exception exception)
        {
            return exception.Message;
        }
    }

    private void Answered()
    {
        _unanswered = 0;
        if (!_isMet)
        {
            _isMet = true;
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

    private LinkedListNode<long> Enter()
    {
        lock (_lock)
        {
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

    private TimeSpan LongestWait()
    {
        lock (_lock)
        {
            return _waiting.First is { } first ? _time.GetElapsedTime(first.Value) : TimeSpan.Zero;
        }
    }

    private TimeoutException Silent() => new($"The {_probe.Store} does not answer.");

    /// <summary>Nobody waits for it any more, and so nobody is to be told how it fails.</summary>
    private static void Forget(Task? task) =>
        _ = task?.ContinueWith(ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The {Store} is there", EventName = "StoreMet")]
        public static partial void Met(ILogger logger, string store);

        [LoggerMessage(LogLevel.Error, "The {Store} is lost ({Reason}): calls that need it are answered 503 until it is back", EventName = "StoreLost")]
        public static partial void Lost(ILogger logger, string store, string reason);

        [LoggerMessage(LogLevel.Information, "The {Store} is back", EventName = "StoreReturned")]
        public static partial void Returned(ILogger logger, string store);
    }
}
