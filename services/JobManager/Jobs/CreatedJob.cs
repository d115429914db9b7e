namespace ImageEditor.JobManager.Jobs;

/// <summary>Names a job that was created.</summary>
/// <param name="JobId">Its id.</param>
/// <param name="Attempt">The attempt that the caller has claimed with it; null when the job waits in its queue, or was there already.</param>
/// <param name="HeartbeatSeconds">How often that attempt's lease is to be renewed.</param>
internal sealed record CreatedJob(string JobId, int? Attempt, double HeartbeatSeconds);
