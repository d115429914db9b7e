using ImageEditor.JobManager.Store;
using Microsoft.Extensions.Options;

namespace ImageEditor.JobManager.Jobs;

/// <summary>The rules for jobs, as the Lua scripts use them.</summary>
internal sealed class JobScriptConstants(IOptions<JobsOptions> jobs, IOptions<JobStoreOptions> store) : IScriptConstants
{
    /// <summary>How long a job whose save would not fit is skipped.</summary>
    private static readonly TimeSpan SavesFullDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SaveReservationDelay = TimeSpan.FromSeconds(1);

    /// <summary>How many expired leases on a save are retried without a delay.</summary>
    private const int ImmediateRetries = 3;

    /// <summary>
    /// How many jobs of a turn are in the order in which they came. Turns begin with a time in milliseconds, and a double has room for so
    /// much beside it.
    /// </summary>
    private const int TurnFractions = 2048;

    public IEnumerable<(string Name, long Value)> All =>
    [
        ("MIN_TICK", Milliseconds(StoreClock.MinTick)),
        ("MAX_TICK", Milliseconds(StoreClock.MaxTick)),
        ("LEASE", Milliseconds(jobs.Value.Lease)),
        ("CLAIM_ACK_TIMEOUT", Milliseconds(Min(jobs.Value.ClaimAckTimeout, jobs.Value.Lease))),
        ("RESULT_RETENTION", Milliseconds(jobs.Value.ResultRetention)),
        ("MAX_RESULT_RETENTION", Milliseconds(jobs.Value.MaxResultRetention)),
        ("DELIVERED_RETENTION", Milliseconds(jobs.Value.DeliveredRetention)),
        ("MAX_QUEUE_TIME", Milliseconds(jobs.Value.MaxQueueTime)),
        ("MAX_ERRORS", jobs.Value.MaxErrors),
        ("MAX_BROKEN_CONNECTIONS", jobs.Value.MaxBrokenConnections),
        ("MAX_LEASE_EXPIRIES", jobs.Value.MaxLeaseExpiries),
        ("TURN_FRACTIONS", TurnFractions),
        ("MAX_QUEUED", jobs.Value.MaxQueued),
        ("MAX_RESULT_LENGTH", jobs.Value.MaxResultBytes),
        ("PREVIEWS_RESERVATION", jobs.Value.PreviewsReservation),
        ("INPUT_LIMIT", store.Value.InputBytes),
        ("RESULT_LIMIT", store.Value.ResultBytes),
        ("SAVE_LIMIT", store.Value.SaveBytes),
        ("SAVE_RESERVATION_DELAY", Milliseconds(SaveReservationDelay)),
        ("SAVES_FULL_DELAY", Milliseconds(Min(jobs.Value.MaxSaveRetryDelay, SavesFullDelay))),
        ("SAVE_RETRY_DELAY", Milliseconds(jobs.Value.SaveRetryDelay)),
        ("MAX_SAVE_RETRY_DELAY", Milliseconds(jobs.Value.MaxSaveRetryDelay)),
        ("MAX_SAVE_TIME", Milliseconds(jobs.Value.MaxSaveTime)),
        ("MAX_IMMEDIATE_RETRIES", ImmediateRetries),
    ];

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    private static TimeSpan Min(TimeSpan first, TimeSpan second) => first < second ? first : second;
}
