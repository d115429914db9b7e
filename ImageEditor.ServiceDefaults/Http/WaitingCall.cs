namespace ImageEditor.ServiceDefaults.Http;

/// <summary>A call that waits for the first byte of its response.</summary>
/// <param name="started">When it began, by its monitor's clock.</param>
/// <param name="timeout">The time until its first byte; null when it waits as long as the service is up.</param>
/// <param name="isLongPoll">Whether it is meant to wait (<see cref="LongPoll"/>).</param>
/// <param name="caller">Its caller's cancellation.</param>
internal sealed class WaitingCall(TimeSpan started, TimeSpan? timeout, bool isLongPoll, CancellationToken caller)
{
    private readonly CancellationTokenSource _ended = CancellationTokenSource.CreateLinkedTokenSource(caller);

    /// <summary>Cancelled by the caller or by <see cref="Abort"/>.</summary>
    public CancellationToken Token => _ended.Token;

    public TimeSpan Started => started;

    public TimeSpan? Timeout => timeout;

    public bool IsLongPoll => isLongPoll;

    /// <summary>When its time is over, by its monitor's clock.</summary>
    public TimeSpan Deadline { get; } = timeout is { } time ? started + time : TimeSpan.MaxValue;

    /// <summary>Why it was aborted; null when it was not.</summary>
    public HttpRequestException? AbortReason { get; private set; }

    /// <summary>Aborts the call. The monitor calls this under its lock, and never after <see cref="Release"/>.</summary>
    public void Abort(HttpRequestException reason)
    {
        AbortReason ??= reason;

        // Continuations of this call must not run under the lock.
        _ = _ended.CancelAsync();
    }

    /// <summary>Releases the caller's token. The monitor calls this under its lock.</summary>
    public void Release() => _ended.Dispose();
}
