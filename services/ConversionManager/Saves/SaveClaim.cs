using System.Text.Json;

namespace ImageEditor.ConversionManager.Saves;

/// <summary>A job's save that was handed to this process: the lease on it, and what there is to save.</summary>
/// <param name="JobId">Public id of the job.</param>
/// <param name="Attempt">Which claim of this save it is, from 1; fences whatever is reported about it.</param>
/// <param name="Owner">Whose gallery it goes to.</param>
/// <param name="Converter">The converter's name.</param>
/// <param name="Parameters">The converter's parameters, a JSON object.</param>
/// <param name="CreatedAt">When the job was created.</param>
/// <param name="Original">The job's input: an image, or a form with several.</param>
/// <param name="Result">The job's result.</param>
/// <param name="WaitedSeconds">How long ago the job ended.</param>
/// <param name="TraceParent">The trace that the job belongs to (W3C trace context), if any.</param>
/// <param name="TraceState">The trace's vendor state, if any.</param>
/// <param name="HeartbeatSeconds">How often the lease is to be renewed.</param>
internal sealed record SaveClaim(
    string JobId,
    int Attempt,
    string Owner,
    string Converter,
    JsonElement Parameters,
    DateTimeOffset CreatedAt,
    SavedImage Original,
    SavedImage Result,
    double WaitedSeconds,
    string? TraceParent,
    string? TraceState,
    double HeartbeatSeconds)
{
    /// <summary>What logs and traces may carry of the id.</summary>
    public string ShortId => ServiceDefaults.Contracts.JobId.Shorten(JobId);
}

/// <summary>An image that is to be saved.</summary>
/// <param name="ContentType">Its media type.</param>
/// <param name="Length">Its length in bytes.</param>
internal sealed record SavedImage(string ContentType, long Length);
