using System.Diagnostics;

namespace ImageEditor.Tests.Contract.Converters;

/// <summary>Waits for other processes. The time limit is long: it only makes a test fail in the end.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public static async Task TrueAsync(Func<Task<bool>> isTrue)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await isTrue())
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < Limit, "What was waited for did not come.");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }
}
