namespace ImageEditor.AuthManager.AccountDeletion;

/// <summary>Wakes this replica's outbox worker at once; other replicas find the row of the outbox at their next interval.</summary>
internal sealed class OutboxSignal : IDisposable
{
    private readonly SemaphoreSlim _raised = new(0, 1);

    public void Raise()
    {
        try
        {
            _raised.Release();
        }
        catch (SemaphoreFullException)
        {
            // The signal is raised already.
        }
    }

    public Task<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken) => _raised.WaitAsync(timeout, cancellationToken);

    public void Dispose() => _raised.Dispose();
}
