namespace ImageEditor.Tests.JobStore.Support;

/// <summary>Waits for conditions of other processes, which send no notification.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Checks the condition until it holds.</summary>
    /// <exception cref="TimeoutException">It did not, within the time.</exception>
    public static async Task TrueAsync(string what, TimeSpan within, Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(within);
        using var timer = new PeriodicTimer(Interval);
        while (!await condition())
        {
            try
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Not within {within.TotalSeconds:0.#} s: {what}");
            }
        }
    }
}
