using ImageEditor.JobManager.Jobs;

namespace ImageEditor.JobManager.Events;

/// <summary>The state of a job, as an event stream reports it.</summary>
/// <param name="JobId">The job's id.</param>
/// <param name="Converter">The converter's name; null when the job is unknown.</param>
/// <param name="State">One of <see cref="JobState"/>.</param>
/// <param name="QueuePosition">1 for the next one; null unless it is queued.</param>
/// <param name="Progress">From 0 to 1, when known.</param>
/// <param name="Status">The status that GET /api/jobs/{id} would have.</param>
/// <param name="Problem">Why it failed.</param>
/// <param name="Preview">Where a picture of the result so far is, if there is one; another address for each picture.</param>
/// <param name="Saved">Whether it is in its owner's gallery; null when it has no owner.</param>
/// <param name="Step">The step of its recipe that it is at, from 0; null where it has one step only, or does not run.</param>
/// <param name="Attempt">Which attempt runs, from 1: one that died starts again at the first step. Null unless it runs.</param>
internal sealed record JobEvent(
    string JobId, string? Converter, string State, long? QueuePosition, double? Progress,
    int Status, JobProblem? Problem, string? Preview, bool? Saved, int? Step = null, int? Attempt = null)
{
    /// <summary>The event for a job; for one that is unknown when it is null.</summary>
    public static JobEvent From(string id, Job? job) => job is null
        ? new JobEvent(id, null, JobState.Unknown, null, null, StatusCodes.Status404NotFound, null, null, null)
        : new JobEvent(
            id, job.Converter, job.State, job.QueuePosition, job.Progress, StatusOf(job), job.Problem, job.PreviewAddress, job.Saved,
            job.Step, job.Attempt);

    private static int StatusOf(Job job) => job.State switch
    {
        JobState.Done => StatusCodes.Status200OK,
        JobState.Cancelled => StatusCodes.Status410Gone,
        JobState.Failed => job.Problem?.Status ?? StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status202Accepted,
    };
}
