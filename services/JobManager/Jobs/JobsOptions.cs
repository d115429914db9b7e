namespace ImageEditor.JobManager.Jobs;

/// <summary>How long jobs are kept and how often they are tried (configuration section <c>Jobs</c>).</summary>
internal sealed class JobsOptions
{
    public const string Section = "Jobs";

    /// <summary>How long a job stays after its end, and after each time that its result is fetched.</summary>
    public TimeSpan ResultRetention { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>The longest that a job stays after its end, however often its result is fetched.</summary>
    public TimeSpan MaxResultRetention { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a result stays at least after it was sent whole. Then it may make room for others, the oldest first, where
    /// <c>JobStore:ResultShare</c> is used up.</summary>
    public TimeSpan DeliveredRetention { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a claim holds without being renewed.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(4.5);

    /// <summary>How long a claim holds until it is acknowledged by reading the input. From then on it is a lease. At most <see
    /// cref="Lease"/>.</summary>
    /// <remarks>A caller that is frozen or gone may still be connected. A job that it claims would otherwise wait for a whole
    /// lease.</remarks>
    public TimeSpan ClaimAckTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How often a claim is to be renewed; shorter than <see cref="Lease"/>.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a job may wait in the queue, all its waits added up, before it fails.</summary>
    public TimeSpan MaxQueueTime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The counted error that ends a job.</summary>
    public int MaxErrors { get; set; } = 3;

    /// <summary>The broken connection that ends a job.</summary>
    public int MaxBrokenConnections { get; set; } = 10;

    /// <summary>The expiry of a lease that ends a job.</summary>
    public int MaxLeaseExpiries { get; set; } = 10;

    /// <summary>How many jobs may wait for one converter. One user, or one network, gets half of it at most.</summary>
    public int MaxQueued { get; set; } = 20_000;

    /// <summary>How often every replica sweeps: does what is due for jobs.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often every replica audits: removes what killed stores and lost uploads have left behind.</summary>
    public TimeSpan AuditInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest that a call for a claim waits for a job.</summary>
    public TimeSpan MaxClaimWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The largest result, in bytes.</summary>
    public int MaxResultBytes { get; set; } = 64 << 20;

    /// <summary>The largest preview, in bytes.</summary>
    public int MaxPreviewBytes { get; set; } = 256 << 10;

    /// <summary>How long a job's save is tried after the job's end.</summary>
    public TimeSpan MaxSaveTime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>The delay before the second attempt at a save; it doubles from attempt to attempt.</summary>
    public TimeSpan SaveRetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest delay between two attempts at a save.</summary>
    public TimeSpan MaxSaveRetryDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>What a claim reserves in the store for previews, in bytes: two, of which one replaces the other.</summary>
    internal long PreviewsReservation => 2L * MaxPreviewBytes;

    /// <summary>What a claim reserves in the store at most, in bytes: the largest result, and previews.</summary>
    internal long ResultReservation => MaxResultBytes + PreviewsReservation;

    /// <summary>How many jobs one event stream may name.</summary>
    public int MaxStreamJobs { get; set; } = 100;
}
