using System.Diagnostics.Metrics;
using ImageEditor.ServiceDefaults.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageEditor.ServiceDefaults.Tests.Stores;

public sealed class StoreWatchTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Store _store = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly StoreWatch _watch;
    private readonly TaskCompletionSource<int> _answer = new();

    public StoreWatchTests() =>
        _watch = new StoreWatch(_store, _services.GetRequiredService<IMeterFactory>(), _time, NullLogger<StoreWatch>.Instance);

    [Fact]
    public async Task RunAsync_StoreThatIsSilent_IsCutOffAfterTwoQuestionsAndThenRefusedAtOnce()
    {
        var call = _watch.RunAsync(_ => _answer.Task);
        _store.IsSilent = true;

        await AskAsync();
        Assert.False(call.IsCompleted);
        await AskAsync();

        await Assert.ThrowsAsync<TimeoutException>(() => call);
        await Assert.ThrowsAsync<TimeoutException>(() => _watch.RunAsync(_ => Task.FromResult(1)));
        Assert.True(_watch.IsLost);
    }

    [Fact]
    public async Task RunAsync_CallThatIsSlowWhileTheStoreAnswers_IsWaitedFor()
    {
        var call = _watch.RunAsync(_ => _answer.Task);
        for (var times = 0; times < 20; times++)
        {
            await AskAsync();
        }

        _answer.SetResult(7);
        Assert.Equal(7, await call);
        Assert.Equal(20, _store.Pings);
    }

    [Fact]
    public async Task RunAsync_AnotherCallAnsweredMeanwhile_IsNoSilence()
    {
        _store.IsSilent = true;
        var call = _watch.RunAsync(_ => _answer.Task);
        for (var times = 0; times < 5; times++)
        {
            await AskAsync(() => _watch.RunAsync(_ => Task.FromResult(1)));
        }

        Assert.False(call.IsCompleted);
        Assert.False(_watch.IsLost);
    }

    [Fact]
    public async Task CheckAsync_StoreThatComesBack_LetsCallsThroughAgain()
    {
        await AskAsync();
        _store.IsSilent = true;
        _time.Advance(TimeSpan.FromSeconds(5));
        await AskAsync();
        await AskAsync();
        Assert.True(_watch.IsLost);
        Assert.True(_watch.HasAnswered);

        _store.IsSilent = false;
        await AskAsync();

        Assert.False(_watch.IsLost);
        Assert.Equal(1, _store.Returns);
        Assert.Equal(1, await _watch.RunAsync(_ => Task.FromResult(1)));
    }

    [Fact]
    public async Task CheckAsync_StoreThatIsIdle_IsAskedEveryFiveSeconds()
    {
        await _watch.CheckAsync(TestContext.Current.CancellationToken);
        for (var times = 0; times < 40; times++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(250));
            await _watch.CheckAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(3, _store.Pings);
    }

    /// <summary>The next probe of a store at rest would come 5 s later.</summary>
    [Fact]
    public async Task RunAsync_StoreThatFellSilentWhileAtRest_IsCutOffByTheFirstCall()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var watch = new StoreWatch(
            _store, _services.GetRequiredService<IMeterFactory>(), TimeProvider.System, NullLogger<StoreWatch>.Instance);
        await watch.StartAsync(cancel);
        await Until.TrueAsync("the store was met", TimeSpan.FromSeconds(10), () => Task.FromResult(watch.HasAnswered), cancel);
        Assert.Equal(1, await watch.RunAsync(_ => Task.FromResult(1)));

        _store.IsSilent = true;
        var call = watch.RunAsync(_ => _answer.Task);

        await Assert.ThrowsAsync<TimeoutException>(() => call.WaitAsync(TimeSpan.FromSeconds(4.5), cancel));
        Assert.True(call.IsFaulted);
        await watch.StopAsync(cancel);
    }

    [Fact]
    public async Task RunAsync_CallThatFails_FailsAlike()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => _watch.RunAsync<int>(_ => throw new InvalidDataException()));
        await Assert.ThrowsAsync<OperationCanceledException>(() => _watch.RunAsync<int>(_ => throw new OperationCanceledException()));
    }

    [Fact]
    public async Task RunAsync_CallThatWasCutOff_KnowsIt()
    {
        var told = new TaskCompletionSource();
        var call = _watch.RunAsync(async cutOff =>
        {
            cutOff.Register(told.SetResult);
            return await _answer.Task;
        });
        _store.IsSilent = true;
        await AskAsync();
        await AskAsync();

        await Assert.ThrowsAsync<TimeoutException>(() => call);
        await told.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Up_StoreMetLostAndBack_IsShown()
    {
        var values = new List<int>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument),
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) =>
        {
            if (instrument.Name == "image_editor.store.up"
                && tags.Contains(new KeyValuePair<string, object?>("store", "test-store-of-this-class")))
            {
                values.Add(value);
            }
        });
        listener.Start();

        listener.RecordObservableInstruments();
        await AskAsync();
        listener.RecordObservableInstruments();
        _store.IsSilent = true;
        _time.Advance(TimeSpan.FromSeconds(5));
        await AskAsync();
        await AskAsync();
        listener.RecordObservableInstruments();
        _store.IsSilent = false;
        await AskAsync();
        listener.RecordObservableInstruments();

        Assert.Equal([0, 1, 0, 1], values);
    }

    public void Dispose()
    {
        _watch.Dispose();
        _services.Dispose();
    }

    /// <summary>Half a second passes, and the store is asked; then the time for its answer is over.</summary>
    private async Task AskAsync(Func<Task>? meanwhile = null)
    {
        _time.Advance(StoreWatch.ProbeTimeout);
        var asking = _watch.CheckAsync(TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await (meanwhile?.Invoke() ?? Task.CompletedTask);
        _time.Advance(StoreWatch.ProbeTimeout);
        await asking;
    }

    private sealed class Store : IStoreProbe
    {
        public bool IsSilent { get; set; }

        public int Pings { get; private set; }

        public int Returns { get; private set; }

        string IStoreProbe.Store => "test-store-of-this-class";

        public Task PingAsync(CancellationToken cancellationToken)
        {
            Pings++;
            return IsSilent ? new TaskCompletionSource().Task : Task.CompletedTask;
        }

        public void Returned() => Returns++;
    }
}
