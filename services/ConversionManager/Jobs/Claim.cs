using System.Text.Json;

namespace ImageEditor.ConversionManager.Jobs;

/// <summary>A job that was handed to this process to run: the lease on it, and what there is to do.</summary>
/// <param name="JobId">Public id of the job.</param>
/// <param name="Attempt">Which claim of this job it is, from 1; fences whatever is reported about it.</param>
/// <param name="Converter">The converter's name.</param>
/// <param name="Parameters">The converter's parameters, a JSON object.</param>
/// <param name="ContentType">The input's media type.</param>
/// <param name="Length">The input's length in bytes.</param>
/// <param name="TraceParent">The trace that the job belongs to (W3C trace context), if any.</param>
/// <param name="TraceState">The trace's vendor state, if any.</param>
/// <param name="HeartbeatSeconds">How often the lease is to be renewed.</param>
internal sealed record Claim(
    string JobId,
    int Attempt,
    string Converter,
    JsonElement Parameters,
    string ContentType,
    long Length,
    string? TraceParent,
    string? TraceState,
    double HeartbeatSeconds)
{
    /// <summary>What logs and traces may carry of the id.</summary>
    public string ShortId => ServiceDefaults.Contracts.JobId.Shorten(JobId);
}
