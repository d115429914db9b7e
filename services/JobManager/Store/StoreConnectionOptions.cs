using ImageEditor.ServiceDefaults.Stores;
using StackExchange.Redis;

namespace ImageEditor.JobManager.Store;

internal static class StoreConnectionOptions
{
    private static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(5);

    /// <summary>As often as a lost store is probed: calls are refused until a probe is answered. The client has a timer for it at each
    /// connection, which fires all the time.</summary>
    private static readonly TimeSpan ReconnectInterval = StoreWatch.ProbeTimeout;

    /// <summary>The client survives a store that is killed and comes back, and its calls fail at once while the store is away.</summary>
    /// <param name="options">The client's.</param>
    /// <param name="callTimeout">
    /// How long a call may take of a store that answers others: enough for the largest value. <see cref="JobStoreProbe"/> detects one that
    /// is silent.
    /// </param>
    public static void Apply(ConfigurationOptions options, TimeSpan callTimeout)
    {
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ConnectTimeout = 1_000;
        options.AsyncTimeout = options.SyncTimeout = (int)callTimeout.TotalMilliseconds;
        options.ReconnectRetryPolicy = new LinearRetry((int)ReconnectInterval.TotalMilliseconds);
        options.HeartbeatInterval = ReconnectInterval;

        // A dead connection is noticed only when something was sent over it.
        options.KeepAlive = (int)KeepAliveInterval.TotalSeconds;

        // Keys hold jobs' ids, which do not belong into logs.
        options.IncludeDetailInExceptions = false;
    }
}
