namespace ImageEditor.JobManager.Jobs;

/// <summary>The states of a job, as the store and the API spell them.</summary>
internal static class JobState
{
    public const string Queued = "queued";
    public const string Running = "running";
    public const string Done = "done";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";

    /// <summary>Only in the store: its result was deleted, and only a repeated DELETE knows the job.</summary>
    public const string Dropped = "dropped";

    /// <summary>Only in the store: its retention is over, and only its save knows the job.</summary>
    public const string Expired = "expired";

    /// <summary>Only in the API: there is no such job (any more).</summary>
    public const string Unknown = "unknown";
}
