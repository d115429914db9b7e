using System.Text.Json;

namespace ImageEditor.JobManager.Saves;

/// <summary>A lease on a job's save, as its claimer gets it.</summary>
/// <param name="JobId">The job's id, which is the save's, too.</param>
/// <param name="Attempt">Which claim of the save it is, from 1; it fences whatever is reported.</param>
/// <param name="Owner">Whose gallery it goes to.</param>
/// <param name="Converter">The converter's name.</param>
/// <param name="Parameters">The converter's parameters, a JSON object.</param>
/// <param name="Recipe">The steps, a JSON array; null where converter and parameters say all.</param>
/// <param name="CreatedAt">When the job was created.</param>
/// <param name="Original">The job's input.</param>
/// <param name="Images">What the images in the input are, as its creator said: a JSON array, empty where it said nothing.</param>
/// <param name="Result">The job's result.</param>
/// <param name="WaitedSeconds">How long ago the job ended.</param>
/// <param name="Name">What the picture is called, if anything.</param>
/// <param name="TraceParent">The trace that the job belongs to (W3C trace context), if any.</param>
/// <param name="TraceState">The trace's vendor state, if any.</param>
/// <param name="LeaseSeconds">How long the claim holds without being renewed.</param>
/// <param name="HeartbeatSeconds">How often it is to be renewed.</param>
internal sealed record SaveClaim(
    string JobId,
    int Attempt,
    string Owner,
    string Converter,
    JsonElement Parameters,
    JsonElement? Recipe,
    DateTimeOffset CreatedAt,
    SavedImage Original,
    JsonElement Images,
    SavedImage Result,
    double WaitedSeconds,
    string? Name,
    string? TraceParent,
    string? TraceState,
    double LeaseSeconds,
    double HeartbeatSeconds);

/// <summary>The input or the result of a job that is to be saved.</summary>
/// <param name="ContentType">Its media type.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Width">Pixels, of a result; 0 when not known.</param>
/// <param name="Height">Pixels, of a result; 0 when not known.</param>
internal sealed record SavedImage(string ContentType, long Length, long Width = 0, long Height = 0);
