namespace ImageEditor.JobManager.Jobs;

/// <summary>Says that the results of jobs were sent whole to clients.</summary>
/// <param name="JobIds">The jobs, at most <see cref="MaxJobs"/>.</param>
internal sealed record Deliveries(IReadOnlyList<string> JobIds)
{
    public const int MaxJobs = 1_000;
}
