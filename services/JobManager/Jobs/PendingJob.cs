namespace ImageEditor.JobManager.Jobs;

/// <summary>A job that has not ended.</summary>
/// <param name="JobId">Its id.</param>
/// <param name="Converter">The converter's name.</param>
/// <param name="State">Queued or running.</param>
/// <param name="QueuePosition">1 for the next one; null unless it is queued.</param>
/// <param name="Progress">From 0 to 1, when known.</param>
/// <param name="Preview">Where a picture of the result so far is, if there is one; another address for each picture.</param>
/// <param name="Saved">Whether it is in its owner's gallery; null when it has no owner.</param>
/// <param name="Step">The step of its recipe that it is at, from 0; null where it has one step only, or does not run.</param>
/// <param name="Attempt">Which attempt runs, from 1: one that died starts again at the first step. Null unless it runs.</param>
internal sealed record PendingJob(
    string JobId, string Converter, string State, long? QueuePosition, double? Progress, string? Preview, bool? Saved, int? Step,
    int? Attempt);
