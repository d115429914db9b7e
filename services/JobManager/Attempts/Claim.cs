using System.Text.Json;

namespace ImageEditor.JobManager.Attempts;

/// <summary>A lease on a job, as its claimer gets it.</summary>
/// <param name="JobId">The job's id.</param>
/// <param name="Attempt">Which claim of the job it is, from 1; it fences whatever is reported.</param>
/// <param name="Converter">The converter's name.</param>
/// <param name="Parameters">The converter's parameters, a JSON object.</param>
/// <param name="Recipe">The steps, a JSON array; null where converter and parameters say all.</param>
/// <param name="ContentType">The input's media type.</param>
/// <param name="Length">The input's length in bytes.</param>
/// <param name="Images">What the images in the input are, as its creator said: a JSON array; null where it said nothing.</param>
/// <param name="Owner">Who is signed in, if anybody.</param>
/// <param name="TraceParent">The trace that the job belongs to (W3C trace context), if any.</param>
/// <param name="TraceState">The trace's vendor state, if any.</param>
/// <param name="LeaseSeconds">How long the claim holds without being renewed.</param>
/// <param name="HeartbeatSeconds">How often it is to be renewed.</param>
internal sealed record Claim(
    string JobId,
    int Attempt,
    string Converter,
    JsonElement Parameters,
    JsonElement? Recipe,
    string ContentType,
    long Length,
    JsonElement? Images,
    string? Owner,
    string? TraceParent,
    string? TraceState,
    double LeaseSeconds,
    double HeartbeatSeconds);
