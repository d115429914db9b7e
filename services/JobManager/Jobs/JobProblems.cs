using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;

namespace ImageEditor.JobManager.Jobs;

/// <summary>The problems that this service responds with.</summary>
internal static class JobProblems
{
    private static readonly TimeSpan FullRetryAfter = TimeSpan.FromSeconds(5);

    public static Problem JobNotFound { get; } =
        ProblemTypes.JobNotFound.Create("The job never was, or its result has expired or was deleted. Submit the image again.");

    public static Problem Cancelled { get; } =
        ProblemTypes.JobCancelled.Create("The job was cancelled. Submit the image again if you want it converted.");

    public static Problem QueueFull { get; } =
        ProblemTypes.QueueFull.Create("Too many jobs wait for this converter. Try again in a while.", FullRetryAfter);

    public static Problem ShareFull { get; } = ProblemTypes.QueueFull.Create(
        "Your pictures take up your share of the queue already, and the rest is for others. Try again when some of them are done.",
        FullRetryAfter);

    public static Problem StoreFull { get; } =
        ProblemTypes.StoreFull.Create("Too many images wait to be converted. Try again in a while.", FullRetryAfter);

    public static Problem Invalid(string detail) => ProblemTypes.InvalidParameters.Create(detail);

    /// <summary>Reads the id in an address.</summary>
    /// <exception cref="ProblemException">It is no job's id, so there is no such job.</exception>
    public static JobId ParseId(string id) => JobId.TryParse(id, out var job) ? job : throw new ProblemException(JobNotFound);

    /// <summary>Why an attempt's report was refused.</summary>
    public static Problem Refused(ScriptResult result) => result switch
    {
        ScriptResult.NotFound => JobNotFound,
        ScriptResult.Cancelled => Cancelled,
        ScriptResult.TooLarge => ProblemTypes.TooLarge.Create("The result has more bytes than the job can yield. Report it as a failure."),
        ScriptResult.Stale => ProblemTypes.StaleAttempt.Create("Another attempt has this job, or it has ended. Discard the work."),
        _ => throw new InvalidOperationException($"{result} is no refusal."),
    };
}
