using System.Diagnostics;
using ImageEditor.ServiceDefaults.Http;

namespace ImageEditor.ServiceDefaults.Tests.Http;

/// <summary>What callers of a service see: real servers on loopback ports, behind one address that spreads connections over them.</summary>
public sealed class ServiceHandlerTests
{
    /// <summary>Callers are promised an answer within 2 s; three times that is allowed on a busy machine.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(6);

    /// <summary>For what is said without asking anybody; finding out takes longer.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_RefusedOnce_IsServedWithABodyThatCanBeReadOnce()
    {
        await using var server = await TestServer.StartAsync();
        await using var caller = new Caller(TestServer.Nobody(), server.Address);

        for (var request = 0; request < 8; request++)
        {
            using var content = new StreamContent(new SlowStream(Task.CompletedTask));
            using var response = await caller.Client.PostAsync(new Uri("/", UriKind.Relative), content, Cancelled);
            Assert.Equal("first second", await response.Content.ReadAsStringAsync(Cancelled));
        }

        Assert.Equal(8, server.Calls.Count);
    }

    [Fact]
    public async Task Send_RefusedForGood_SaysThatNoConnectionCouldBeMade()
    {
        await using var caller = new Caller(TestServer.Nobody());
        var watch = Stopwatch.StartNew();

        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(caller, "once"));

        Assert.Equal(HttpRequestError.ConnectionError, exception.HttpRequestError);
        Assert.True(watch.Elapsed < Soon, $"It took {watch.Elapsed}.");
    }

    [Fact]
    public async Task Send_BrokenOffAfterTheRequest_IsNotRepeated()
    {
        await using var server = await TestServer.StartAsync();
        await using var caller = new Caller(server.Address);

        var exception = await Assert.ThrowsAsync<HttpRequestException>(
            () => caller.Client.PostAsync(new Uri("/broken", UriKind.Relative), new StringContent("once"), Cancelled));

        Assert.IsNotType<ServiceDownException>(exception);
        Assert.NotEqual(HttpRequestError.ConnectionError, exception.HttpRequestError);
        Assert.Equal(1, server.Calls.Count);
    }

    [Fact]
    public async Task Send_ToAServiceThatSaysNothing_IsCutOffThenRefusedAtOnceThenServedAgain()
    {
        await using var server = await TestServer.StartAsync();
        await using var proxy = new SpreadingProxy(server.Address);
        await using var caller = new Caller(proxy.Address);
        proxy.Freeze(0);
        var watch = Stopwatch.StartNew();

        // An upload that does not fit into the buffers on its way, and a call that has all the time in the world.
        var upload = Assert.ThrowsAsync<ServiceDownException>(
            () => caller.Client.PostAsync(new Uri("/", UriKind.Relative), new ByteArrayContent(new byte[20_000_000]), Cancelled));
        var poll = Assert.ThrowsAsync<ServiceDownException>(() => caller.Client.GetAsync(new Uri("/poll", UriKind.Relative), Cancelled));
        Assert.Equal("service", (await upload).Service);
        await poll;
        Assert.True(watch.Elapsed < Soon, $"It took {watch.Elapsed}.");
        Assert.Equal(["ServiceDown"], caller.Events.Where(name => name is not null));
        Assert.False(caller.IsUpByMetrics());

        // Known by now.
        watch.Restart();
        for (var call = 0; call < 20; call++)
        {
            await Assert.ThrowsAsync<ServiceDownException>(() => PostAsync(caller, "again"));
        }

        Assert.True(watch.Elapsed < AtOnce, $"20 calls took {watch.Elapsed}.");

        watch.Restart();
        proxy.Thaw(0);
        Assert.Equal("back", await PostUntilServedAsync(caller, "back"));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(3), $"It took {watch.Elapsed}.");
        Assert.Equal(["ServiceDown", "ServiceUp"], caller.Events.Where(name => name is not null));
        Assert.True(caller.IsUpByMetrics());
    }

    [Fact]
    public async Task Send_ToAnAddressThatSwallowsPackets_IsCutOffThenRefusedAtOnce()
    {
        using var hole = await BlackHole.OpenAsync();
        await using var caller = new Caller(hole.Address);
        var watch = Stopwatch.StartNew();

        await Assert.ThrowsAsync<ServiceDownException>(() => PostAsync(caller, "lost"));
        Assert.True(watch.Elapsed < Soon, $"It took {watch.Elapsed}.");

        watch.Restart();
        await Assert.ThrowsAsync<ServiceDownException>(() => PostAsync(caller, "lost"));
        Assert.True(watch.Elapsed < AtOnce, $"It took {watch.Elapsed}.");
    }

    [Fact]
    public async Task Send_WithOneOfTwoReplicasFrozen_QuickCallsFailInTheirTimeAndTheServiceIsNeverDown()
    {
        await using var alive = await TestServer.StartAsync();
        await using var frozen = await TestServer.StartAsync();
        await using var proxy = new SpreadingProxy(alive.Address, frozen.Address);
        await using var caller = new Caller(proxy.Address);

        // The first connection is the living one's. The call waits all the while, so that the service is asked for its health all the
        // while.
        var poll = caller.Client.GetStringAsync(new Uri("/poll", UriKind.Relative), Cancelled);
        await alive.Calls.ReachAsync(1, Cancelled);
        proxy.Freeze(1);
        var (served, late) = (0, 0);
        while (alive.Probes.Count < 8)
        {
            var watch = Stopwatch.StartNew();
            foreach (var outcome in await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TryQuickAsync(caller))))
            {
                _ = outcome ? served++ : late++;
            }

            Assert.True(watch.Elapsed < Soon, $"It took {watch.Elapsed}.");
        }

        alive.GoOn();
        Assert.Equal("polled", await poll);
        Assert.True(served > 0 && late > 0, $"{served} served, {late} late.");
        Assert.DoesNotContain("ServiceDown", caller.Events);
    }

    [Fact]
    public async Task Send_WithOneOfTwoReplicasKilled_OnlyWhatItWasServingFails()
    {
        const int Callers = 8;
        await using var one = await TestServer.StartAsync();
        await using var other = await TestServer.StartAsync();
        await using var proxy = new SpreadingProxy(one.Address, other.Address);
        await using var caller = new Caller(proxy.Address);
        using var enough = new CancellationTokenSource();
        var loops = Enumerable.Range(0, Callers).Select(_ => CountFailuresAsync(caller, enough.Token)).ToList();
        await one.Calls.ReachAsync(200, Cancelled);

        await proxy.KillAsync(1);
        await one.Calls.ReachAsync(one.Calls.Count + 1_000, Cancelled);
        await enough.CancelAsync();

        // Each of them had one call under way, if that.
        Assert.True(other.Calls.Count > 0);
        Assert.All(await Task.WhenAll(loops), failures => Assert.InRange(failures, 0, 1));
    }

    [Fact]
    public async Task Send_WaitingLongForAServiceThatIsThere_IsNotCutOff()
    {
        await using var server = await TestServer.StartAsync();
        await using var caller = new Caller(server.Address);
        var secondHalf = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var poll = caller.Client.GetStringAsync(new Uri("/poll", UriKind.Relative), Cancelled);
        var upload = caller.Client.PostAsync(new Uri("/", UriKind.Relative), new StreamContent(new SlowStream(secondHalf.Task)), Cancelled);
        using var events = new StreamReader(await caller.Client.GetStreamAsync(new Uri("/events", UriKind.Relative), Cancelled));
        Assert.Equal("first", await events.ReadLineAsync(Cancelled));

        // Some 3 s.
        await server.Probes.ReachAsync(6, Cancelled);
        Assert.False(poll.IsCompleted);
        Assert.False(upload.IsCompleted);

        secondHalf.SetResult();
        using var response = await upload;
        Assert.Equal("first second", await response.Content.ReadAsStringAsync(Cancelled));
        server.GoOn();
        Assert.Equal("polled", await poll);
        Assert.Equal("last", await events.ReadLineAsync(Cancelled));
    }

    [Fact]
    public async Task Send_ToAServiceThatIsNotReady_IsNotCutOff()
    {
        await using var server = await TestServer.StartAsync();
        await using var caller = new Caller(server.Address);
        server.HealthStatus = 503;

        var poll = caller.Client.GetStringAsync(new Uri("/poll", UriKind.Relative), Cancelled);
        await server.Probes.ReachAsync(4, Cancelled);
        server.GoOn();

        Assert.Equal("polled", await poll);
    }

    [Fact]
    public async Task Send_CancelledByItsCaller_IsCancelledAndNothingElse()
    {
        await using var server = await TestServer.StartAsync();
        await using var proxy = new SpreadingProxy(server.Address);
        await using var caller = new Caller(proxy.Address);
        proxy.Freeze(0);
        using var own = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);

        var poll = caller.Client.GetAsync(new Uri("/poll", UriKind.Relative), own.Token);
        await proxy.Accepted.ReachAsync(1, Cancelled);
        await own.CancelAsync();

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll);
        Assert.Equal(own.Token, exception.CancellationToken);
    }

    private static async Task<string> PostAsync(Caller caller, string text)
    {
        using var response = await caller.Client.PostAsync(new Uri("/", UriKind.Relative), new StringContent(text), Cancelled);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Cancelled);
    }

    private static async Task<int> CountFailuresAsync(Caller caller, CancellationToken enough)
    {
        var failures = 0;
        while (!enough.IsCancellationRequested)
        {
            try
            {
                (await caller.Client.GetAsync(new Uri("/", UriKind.Relative), Cancelled)).Dispose();
            }
            catch (HttpRequestException)
            {
                failures++;
            }
        }

        return failures;
    }

    private static async Task<string> PostUntilServedAsync(Caller caller, string text)
    {
        while (true)
        {
            try
            {
                return await PostAsync(caller, text);
            }
            catch (ServiceDownException)
            {
                await Task.Yield();
            }
        }
    }

    private static async Task<bool> TryQuickAsync(Caller caller)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/").WithFirstByteTimeout(TimeSpan.FromMilliseconds(600));
        request.Headers.ConnectionClose = true;
        try
        {
            using var response = await caller.Client.SendAsync(request, Cancelled);
            return response.IsSuccessStatusCode;
        }
        catch (FirstByteTimeoutException)
        {
            return false;
        }
    }
}
