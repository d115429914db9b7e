using System.Diagnostics;

namespace ImageEditor.Tests.Contract.Converters;

/// <summary>Waits for what other processes do, as long as it takes; the time limit is only there to fail in the end.</summary>
internal static class Until
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
