namespace ImageEditor.JobManager.Store;

/// <summary>
/// Time that passes only while the system runs, in the store, so that it is the same for all. Neither a clock that jumps nor a store or
/// job managers that were away end a lease, a retention or a limit.
/// </summary>
internal sealed class StoreClock(StoreConnection store)
{
    /// <summary>How often every replica ticks. Scripts take what a tick misses for time that did not pass (<see cref="MaxTick"/>).</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Less after the last tick, one is not written: the replicas tick at different times.</summary>
    public static readonly TimeSpan MinTick = TimeSpan.FromSeconds(0.9);

    /// <summary>The most that passes between two ticks.</summary>
    public static readonly TimeSpan MaxTick = TimeSpan.FromSeconds(1.5);

    /// <summary>Lets time go on.</summary>
    /// <returns>The time, in milliseconds. Only its differences mean anything.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<long> TickAsync() => (await store.RunAsync(ScriptName.Tick, StoreKeys.OfScript(StoreKeys.None))).Fields.Number("now");
}
