namespace ImageEditor.JobManager.Store;

/// <summary>What a script came to. Scripts spell it in lower case with hyphens: <c>queue-full</c>.</summary>
internal enum ScriptResult
{
    Abandoned,
    Cancelled,
    Claimed,
    Completed,
    Counted,
    Created,

    /// <summary>It is noted that results were sent whole.</summary>
    Delivered,
    Dropped,
    Exists,
    Expired,

    /// <summary>The job's retention begins again.</summary>
    Extended,
    Failed,
    LeaseExpired,

    /// <summary>The sweep found an index entry without a job, and removed it.</summary>
    Missing,

    /// <summary>The bytes belong to a job after all, or somebody fetches them.</summary>
    Needed,
    NotFound,
    Previewed,
    QueueFull,

    /// <summary>The gallery will never accept the save.</summary>
    Refused,
    Renewed,

    /// <summary>The same call was answered before; nothing changed.</summary>
    Repeated,

    /// <summary>The job, or its save, is back in its queue.</summary>
    Requeued,

    /// <summary>The job changed since its keys were read: read them again.</summary>
    Retry,
    Saved,
    SaveAbandoned,
    SaveLeaseExpired,
    SaveRequeued,

    /// <summary>Only jobs wait whose saves would not fit.</summary>
    SavesFull,

    /// <summary>Whoever submits has its share of the queue, or of the room for inputs.</summary>
    ShareFull,

    /// <summary>Another attempt has claimed the work, or it has ended.</summary>
    Stale,
    StoreFull,

    /// <summary>Time went on.</summary>
    Ticked,
    TimedOut,

    /// <summary>The result has more bytes than the job may yield.</summary>
    TooLarge,

    /// <summary>The upload was gone before the script made it part of the job.</summary>
    UploadExpired,

    /// <summary>The sweep found nothing due, or there is room for results.</summary>
    Waiting,
}
