namespace ImageEditor.ConversionManager.Leasing;

/// <summary>A lease that this process renews until its work has ended.</summary>
/// <param name="kind">What is leased.</param>
/// <param name="claim">The lease.</param>
/// <param name="progress">Is reported with the renewals.</param>
/// <param name="lose">Stops the work when the lease is lost.</param>
/// <param name="release">Ends the renewals.</param>
internal sealed class HeldLease(
    LeaseKind kind, LeaseClaim claim, AttemptProgress progress, Func<Task> lose, Action<HeldLease> release) : IDisposable
{
    private readonly Lock _lock = new();
    private bool _isHeld = true;

    public LeaseKind Kind => kind;

    public LeaseClaim Claim => claim;

    public AttemptProgress Progress => progress;

    /// <summary>Stops the work, unless it has ended meanwhile.</summary>
    public Task LoseAsync()
    {
        lock (_lock)
        {
            return _isHeld ? lose() : Task.CompletedTask;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isHeld = false;
        }

        release(this);
    }
}
