namespace ImageEditor.ServiceDefaults.Http;

/// <summary>A call that waits for the first byte of its answer.</summary>
/// <param name="started">When it began, on its monitor's clock.</param>
/// <param name="within">The time that it has; null for as long as the service is up.</param>
/// <param name="caller">Ends it for its caller's own reasons.</param>
internal sealed class WaitingCall(TimeSpan started, TimeSpan? within, CancellationToken caller)
{
    private readonly CancellationTokenSource _ended = CancellationTokenSource.CreateLinkedTokenSource(caller);

    /// <summary>Ends what is under way for this call.</summary>
    public CancellationToken Token => _ended.Token;

    public TimeSpan Started => started;

    public TimeSpan? Within => within;

    /// <summary>When its time is over.</summary>
    public TimeSpan Deadline { get; } = within is { } time ? started + time : TimeSpan.MaxValue;

    /// <summary>Why it was cut off; null while it was not.</summary>
    public HttpRequestException? CutOffBy { get; private set; }

    /// <summary>Ends it; called by the monitor under its lock, so never after <see cref="Release"/>.</summary>
    public void CutOff(HttpRequestException reason)
    {
        CutOffBy ??= reason;

        // What goes on at this call's end must not run under the lock.
        _ = _ended.CancelAsync();
    }

    /// <summary>Lets go of the caller's token; called by the monitor under its lock.</summary>
    public void Release() => _ended.Dispose();
}
