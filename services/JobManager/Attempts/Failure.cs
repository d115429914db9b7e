using ImageEditor.JobManager.Jobs;
using ImageEditor.ServiceDefaults.Problems;

namespace ImageEditor.JobManager.Attempts;

/// <summary>What a failure does to its job.</summary>
/// <param name="Kind">One of <see cref="FailureKind"/>.</param>
/// <param name="Pause">How long the job stays out of the queue, if it goes back.</param>
/// <param name="Reported">The job's problem when this failure is final.</param>
/// <param name="UsedUp">The job's problem when it is the last that is allowed.</param>
internal sealed record Failure(string Kind, TimeSpan Pause, JobProblem Reported, JobProblem UsedUp)
{
    private const int LongestTitle = 200;
    private const int LongestDetail = 2_000;
    private const double LongestPauseSeconds = 60;

    /// <summary>Reads a report; what it leaves out is filled in, what is out of range is cut.</summary>
    public static Failure From(FailureReport report)
    {
        var reported = new JobProblem(
            Cut(report.Type, LongestTitle) ?? ProblemTypes.ConversionFailed.Uri,
            Cut(report.Title, LongestTitle) ?? ProblemTypes.ConversionFailed.Title,
            report.Status is >= 400 and <= 599 and var status ? status : ProblemTypes.ConversionFailed.Status,
            Cut(report.Detail, LongestDetail) ?? "The converter gave no reason. Try another image or other parameters.");
        var usedUp = JobProblem.Of(ProblemTypes.ConversionFailed,
            $"The conversion was tried several times and failed each time; try again later, or another image. The last reason: {Cut(report.Detail, LongestDetail) ?? reported.Title}");
        return new Failure(report.Kind, TimeSpan.FromSeconds(Math.Clamp(report.RetryAfterSeconds ?? 1, 0, LongestPauseSeconds)), reported, usedUp);
    }

    private static string? Cut(string? text, int longest) =>
        string.IsNullOrWhiteSpace(text) ? null : text.Length <= longest ? text : text[..longest];
}
