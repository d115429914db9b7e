namespace ImageEditor.JobManager.Api;

/// <summary>Asks for a job.</summary>
/// <param name="Token">Chosen by the caller; while the lease that it got is held, the same token gets the same claim.</param>
/// <param name="Converter">The converter.</param>
/// <param name="WaitSeconds">How long to wait for a job, from 0 to 30.</param>
internal sealed record ClaimRequest(string Token, string Converter, double WaitSeconds = 0);

/// <summary>Asks for a save.</summary>
/// <param name="Token">Chosen by the caller; while the lease that it got is held, the same token gets the same claim.</param>
/// <param name="WaitSeconds">How long to wait for one, from 0 to 30.</param>
internal sealed record SaveClaimRequest(string Token, double WaitSeconds = 0);

/// <summary>Renews a lease.</summary>
/// <param name="Progress">From 0 to 1; null when not known.</param>
internal sealed record Heartbeat(double? Progress);

/// <summary>Names a job that was created.</summary>
/// <param name="JobId">Its id.</param>
internal sealed record CreatedJob(string JobId);

/// <summary>A job that has not ended.</summary>
/// <param name="JobId">Its id.</param>
/// <param name="Converter">The converter's name.</param>
/// <param name="State">Queued or running.</param>
/// <param name="QueuePosition">1 for the next one; null unless it is queued.</param>
/// <param name="Progress">From 0 to 1, when known.</param>
/// <param name="Preview">Where a picture of the result so far is, if there is one; another address for each picture.</param>
/// <param name="Saved">Whether it is in its owner's gallery; null when it has no owner.</param>
internal sealed record PendingJob(string JobId, string Converter, string State, long? QueuePosition, double? Progress, string? Preview, bool? Saved);
