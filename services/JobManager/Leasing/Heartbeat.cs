using ImageEditor.JobManager.Store;

namespace ImageEditor.JobManager.Leasing;

/// <summary>The leases that a process holds, which it renews together.</summary>
/// <param name="Leases">At most <see cref="MaxLeases"/>.</param>
internal sealed record Heartbeat(IReadOnlyList<Heartbeat.Lease> Leases)
{
    /// <summary>Far more than a process has slots.</summary>
    public const int MaxLeases = 2_000;

    /// <summary>A lease.</summary>
    /// <param name="Kind"><c>job</c> or <c>save</c>.</param>
    /// <param name="JobId">The job's public id.</param>
    /// <param name="Attempt">The attempt that holds it.</param>
    /// <param name="Progress">From 0 to 1; null when not known.</param>
    /// <param name="Step">The step of the recipe that it is at, from 0; null for a job of one step.</param>
    internal sealed record Lease(LeaseKind Kind, string JobId, int Attempt, double? Progress = null, int? Step = null);
}

/// <summary>What became of them.</summary>
/// <param name="Lost">Those that are lost, or whose job was cancelled or is gone, by their place in the request: their work must stop.</param>
internal sealed record HeartbeatAnswer(IReadOnlyList<int> Lost);
