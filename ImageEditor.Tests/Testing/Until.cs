namespace ImageEditor.Testing;

/// <summary>Waits for conditions of other processes, which tell nobody when they change.</summary>
public static class Until
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Looks again and again until the condition holds.</summary>
    /// <exception cref="TimeoutException">It did not, within the time.</exception>
    public static async Task TrueAsync(
        string what, TimeSpan within, Func<Task<bool>> condition, CancellationToken cancellationToken = default)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(within);
        using var timer = new PeriodicTimer(Interval);
        while (!await condition())
        {
            try
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"Not within {within.TotalSeconds:0.#} s: {what}");
            }
        }
    }
}
