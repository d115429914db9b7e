using StackExchange.Redis;

namespace ImageEditor.JobManager.Store;

internal static class StoreConnectionOptions
{
    /// <summary>For a store that answers others: enough for a large value or a slow disk. One that is silent is found out by <see cref="JobStoreProbe"/>.</summary>
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReconnectInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Survives a store that is killed and comes back, and answers at once while it is away.</summary>
    public static void Apply(ConfigurationOptions options)
    {
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ConnectTimeout = 1_000;
        options.AsyncTimeout = options.SyncTimeout = (int)CallTimeout.TotalMilliseconds;
        options.ReconnectRetryPolicy = new LinearRetry((int)ReconnectInterval.TotalMilliseconds);
        options.HeartbeatInterval = ReconnectInterval;

        // A connection over which nothing comes any more is given up only when something was sent over it.
        options.KeepAlive = (int)CallTimeout.TotalSeconds;

        // Keys hold jobs' ids, which do not belong into logs.
        options.IncludeDetailInExceptions = false;
    }
}
