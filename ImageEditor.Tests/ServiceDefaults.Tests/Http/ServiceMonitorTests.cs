using System.Collections.Concurrent;
using System.Diagnostics;
using ImageEditor.ServiceDefaults.Http;

namespace ImageEditor.ServiceDefaults.Tests.Http;

/// <summary>What watching a service costs: nothing before it is called, little afterwards, nothing after the end.</summary>
public sealed class ServiceMonitorTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongPollInterval = TimeSpan.FromSeconds(2);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Monitor_AfterACall_ProbesEveryFiveSecondsOnly()
    {
        await using var called = await TestServer.StartAsync();
        await using var uncalled = await TestServer.StartAsync();
        await using var caller = new Caller(called.Address);
        await using var idler = new Caller(uncalled.Address);
        var watch = Stopwatch.StartNew();

        (await caller.Client.GetAsync(new Uri("/", UriKind.Relative), Cancelled)).Dispose();
        await called.Probes.ReachAsync(1, Cancelled);
        var first = watch.Elapsed;
        await called.Probes.ReachAsync(2, Cancelled);
        var second = watch.Elapsed;

        Assert.InRange(first, Idle, Idle * 2);
        Assert.InRange(second, Idle * 2, Idle * 3);
        Assert.True(caller.IsUpByMetrics());
        Assert.Equal(0, uncalled.Probes.Count);
        Assert.Null(idler.IsUpByMetrics());
    }

    [Fact]
    public async Task Monitor_WhileALongPollWaits_ProbesEveryTwoSecondsOnly()
    {
        await using var server = await TestServer.StartAsync();
        await using var caller = new Caller(server.Address);
        using var own = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/poll", UriKind.Relative)).AsLongPoll();
        (await caller.Client.GetAsync(new Uri("/", UriKind.Relative), Cancelled)).Dispose();
        var watch = Stopwatch.StartNew();

        var poll = caller.Client.SendAsync(request, own.Token);
        await server.Probes.ReachAsync(1, Cancelled);
        var first = watch.Elapsed;
        await server.Probes.ReachAsync(2, Cancelled);
        var second = watch.Elapsed;

        Assert.InRange(first, LongPollInterval, Idle);
        Assert.InRange(second, LongPollInterval * 2, Idle * 2);

        // Another call that waits has it probed soon all the same.
        var known = server.Probes.Count;
        watch.Restart();
        var other = caller.Client.GetAsync(new Uri("/poll", UriKind.Relative), own.Token);
        await server.Probes.ReachAsync(known + 3, Cancelled);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, LongPollInterval * 2);

        await own.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => other);
    }

    [Fact]
    public async Task Monitor_OfAServiceThatFellSilent_CutsOffALongPoll()
    {
        await using var server = await TestServer.StartAsync();
        await using var proxy = new SpreadingProxy(server.Address);
        await using var caller = new Caller(proxy.Address);
        (await caller.Client.GetAsync(new Uri("/", UriKind.Relative), Cancelled)).Dispose();

        proxy.Freeze(0);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/poll", UriKind.Relative)).AsLongPoll();

        await Assert.ThrowsAsync<ServiceDownException>(() => caller.Client.SendAsync(request, Cancelled));
        Assert.False(caller.IsUpByMetrics());
    }

    [Fact]
    public async Task Dispose_WhileAServiceIsProbed_LeavesNoConnectionAndNoTimer()
    {
        await using var server = await TestServer.StartAsync();
        await using var proxy = new SpreadingProxy(server.Address);
        var clock = new CountingTime();
        using var own = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        await using (var caller = new Caller(clock, proxy.Address))
        {
            proxy.Freeze(0);
            var poll = caller.Client.GetAsync(new Uri("/poll", UriKind.Relative), own.Token);

            // The call, a probe, and some of those that follow together.
            await proxy.Accepted.ReachAsync(4, Cancelled);
            Assert.NotEmpty(clock.Timers);
            await own.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll);
        }

        Assert.Empty(clock.Timers);
        proxy.Thaw(0);
        await proxy.Ended.ReachAsync(proxy.Accepted.Count, Cancelled);
    }

    /// <summary>The system's clock, which knows the timers that are not disposed.</summary>
    private sealed class CountingTime : TimeProvider
    {
        private readonly ConcurrentDictionary<Counted, string> _timers = [];

        /// <summary>Whose timers there are; those of the package that resolves names are its own concern.</summary>
        public IEnumerable<string> Timers =>
            _timers.Values.Where(owner => !owner.StartsWith("Microsoft.Extensions.ServiceDiscovery.", StringComparison.Ordinal));

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new Counted(base.CreateTimer(callback, state, dueTime, period), this);
            _timers[timer] = $"{callback.Method.DeclaringType}";
            return timer;
        }

        private sealed class Counted(ITimer inner, CountingTime clock) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => inner.Change(dueTime, period);

            public void Dispose()
            {
                clock._timers.TryRemove(this, out _);
                inner.Dispose();
            }

            public ValueTask DisposeAsync()
            {
                clock._timers.TryRemove(this, out _);
                return inner.DisposeAsync();
            }
        }
    }
}
