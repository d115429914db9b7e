namespace ImageEditor.JobManager.Jobs;

/// <summary>Names a job that was created.</summary>
/// <param name="JobId">Its id.</param>
internal sealed record CreatedJob(string JobId);
