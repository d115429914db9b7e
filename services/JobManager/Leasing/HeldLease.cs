using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.JobManager.Leasing;

/// <summary>A lease that its holder renews.</summary>
/// <param name="Kind">What is leased.</param>
/// <param name="Id">The job.</param>
/// <param name="Attempt">The attempt that holds it.</param>
/// <param name="Progress">From 0 to 1; null leaves it as it is.</param>
/// <param name="Step">The step of the recipe that it is at, from 0; null for a job of one step.</param>
internal sealed record HeldLease(LeaseKind Kind, JobId Id, int Attempt, double? Progress = null, int? Step = null);
