namespace ImageEditor.JobManager.Jobs;

/// <summary>The states of a job, as the store and the API spell them.</summary>
internal static class JobState
{
    public const string Queued = "queued";
    public const string Running = "running";
    public const string Done = "done";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";

    /// <summary>Only in the store: its result was deleted, and the job is unknown to all but a repeated DELETE.</summary>
    public const string Dropped = "dropped";

    /// <summary>Only in the store: its life is over, and the job is unknown to all but its save.</summary>
    public const string Expired = "expired";

    /// <summary>Only in the API: there is no such job (any more).</summary>
    public const string Unknown = "unknown";
}
