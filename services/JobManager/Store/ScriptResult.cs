namespace ImageEditor.JobManager.Store;

/// <summary>The words that scripts answer with.</summary>
internal static class ScriptResult
{
    public const string Abandoned = "abandoned";
    public const string Cancelled = "cancelled";
    public const string Claimed = "claimed";
    public const string Completed = "completed";
    public const string Created = "created";
    public const string Dropped = "dropped";
    public const string Exists = "exists";
    public const string Expired = "expired";
    public const string Extended = "extended";
    public const string Failed = "failed";
    public const string LeaseExpired = "lease-expired";
    public const string Missing = "missing";
    public const string NotFound = "not-found";
    public const string Previewed = "previewed";
    public const string QueueFull = "queue-full";
    public const string Refused = "refused";
    public const string Renewed = "renewed";
    public const string Repeated = "repeated";
    public const string Requeued = "requeued";
    public const string Retry = "retry";
    public const string SaveAbandoned = "save-abandoned";
    public const string SaveLeaseExpired = "save-lease-expired";
    public const string SaveRequeued = "save-requeued";
    public const string Saved = "saved";
    public const string SavesFull = "saves-full";
    public const string Stale = "stale";
    public const string StoreFull = "store-full";
    public const string TimedOut = "timed-out";
    public const string UploadExpired = "upload-expired";
}
