using ImageEditor.JobManager.Jobs;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;

namespace ImageEditor.JobManager.Attempts;

/// <summary>What a failure does to its job.</summary>
/// <param name="Kind">One of <see cref="FailureKind"/>.</param>
/// <param name="Delay">How long the job stays out of the queue, if it goes back.</param>
/// <param name="WhenFinal">The job's problem when this failure is final.</param>
/// <param name="WhenRetriesExhausted">The job's problem when this failure is the last that is allowed.</param>
/// <param name="Waited">What the attempt adds to the job's time in the queue.</param>
internal sealed record Failure(
    string Kind, TimeSpan Delay, JobProblem WhenFinal, JobProblem WhenRetriesExhausted, TimeSpan Waited = default)
{
    private const int MaxTitleLength = 200;
    private const int MaxDetailLength = 2_000;
    private const double MaxDelaySeconds = 60;
    private const double MaxWaitedSeconds = 24 * 3600;

    /// <summary>Reads a report. Missing values get defaults, values out of range are cut.</summary>
    public static Failure From(FailureReport report)
    {
        var (step, converter) = (report.Step, Truncate(report.Converter, MaxTitleLength));
        var whenFinal = new JobProblem(
            Truncate(report.Type, MaxTitleLength) ?? ProblemTypes.ConversionFailed.Uri,
            Truncate(report.Title, MaxTitleLength) ?? ProblemTypes.ConversionFailed.Title,
            report.Status is >= 400 and <= 599 and var status ? status : ProblemTypes.ConversionFailed.Status,
            Truncate(report.Detail, MaxDetailLength) ?? "The converter gave no reason. Try another image or other parameters.",
            step,
            converter);
        var whenRetriesExhausted = JobProblem.Create(
            ProblemTypes.ConversionFailed,
            "The conversion was tried several times and failed each time; try again later, or another image. The last reason: "
                + (Truncate(report.Detail, MaxDetailLength) ?? whenFinal.Title)) with
        { Step = step, Converter = converter };
        var delay = TimeSpan.FromSeconds(Math.Clamp(report.RetryAfterSeconds ?? 1, 0, MaxDelaySeconds));
        var waited = TimeSpan.FromSeconds(Math.Clamp(report.WaitedSeconds ?? 0, 0, MaxWaitedSeconds));
        return new Failure(report.Kind, delay, whenFinal, whenRetriesExhausted, waited);
    }

    private static string? Truncate(string? text, int maxLength) =>
        string.IsNullOrWhiteSpace(text) ? null : text.Length <= maxLength ? text : text[..maxLength];
}
