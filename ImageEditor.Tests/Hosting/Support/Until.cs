namespace ImageEditor.Tests.Hosting.Support;

/// <summary>Waits on conditions, with a deadline.</summary>
internal static class Until
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until the condition holds.</summary>
    /// <exception cref="TimeoutException">It did not in time.</exception>
    public static async Task TrueAsync(string what, TimeSpan limit, Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(limit);
        while (!await condition())
        {
            if (deadline.IsCancellationRequested)
            {
                throw new TimeoutException($"Not within {limit.TotalSeconds} s: {what}.");
            }

            await Task.Delay(Interval);
        }
    }

    /// <summary>Waits until the condition holds.</summary>
    public static Task TrueAsync(string what, TimeSpan limit, Func<bool> condition) => TrueAsync(what, limit, () => Task.FromResult(condition()));
}
