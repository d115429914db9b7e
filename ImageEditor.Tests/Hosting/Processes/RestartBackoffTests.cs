using Aspire.Hosting.Processes;

namespace ImageEditor.Tests.Hosting.Processes;

public sealed class RestartBackoffTests
{
    [Fact]
    public void Next_AfterDeathUponDeath_GrowsToFiveSeconds_AndBeginsAgainAfterHealth()
    {
        var backoff = new RestartBackoff();

        var delays = Enumerable.Range(0, 8).Select(_ => backoff.Next(TimeSpan.Zero)).ToList();

        Assert.True(delays[0] < TimeSpan.FromMilliseconds(100));
        Assert.Equal(delays.Order(), delays);
        Assert.Equal(TimeSpan.FromSeconds(5), delays[^1]);
        Assert.Equal(TimeSpan.FromSeconds(5), backoff.Next(TimeSpan.FromSeconds(29)));
        Assert.Equal(delays[0], backoff.Next(TimeSpan.FromSeconds(30)));
        Assert.Equal(delays[1], backoff.Next(TimeSpan.Zero));
    }
}
