using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Jobs.Failures;

namespace ImageEditor.JobManager.Events;

/// <summary>A job as an event stream tells it.</summary>
/// <param name="JobId">The job's id.</param>
/// <param name="Converter">The converter's name; null when the job is unknown.</param>
/// <param name="State">One of <see cref="JobState"/>.</param>
/// <param name="QueuePosition">1 for the next one; null unless it is queued.</param>
/// <param name="Progress">From 0 to 1, when known.</param>
/// <param name="Status">What GET /api/jobs/{id} would answer.</param>
/// <param name="Problem">Why it failed.</param>
internal sealed record JobEvent(string JobId, string? Converter, string State, long? QueuePosition, double? Progress, int Status, JobProblem? Problem)
{
    /// <summary>Tells a job; null when there is none.</summary>
    public static JobEvent Of(string id, Job? job) => job is null
        ? new JobEvent(id, null, JobState.Unknown, null, null, StatusCodes.Status404NotFound, null)
        : new JobEvent(id, job.Converter, job.State, job.QueuePosition, job.Progress, StatusOf(job), job.Problem);

    private static int StatusOf(Job job) => job.State switch
    {
        JobState.Done => StatusCodes.Status200OK,
        JobState.Cancelled => StatusCodes.Status410Gone,
        JobState.Failed => job.Problem?.Status ?? StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status202Accepted,
    };
}
