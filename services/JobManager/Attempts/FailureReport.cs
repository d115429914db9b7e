using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.JobManager.Attempts;

/// <summary>Why an attempt failed, as its holder reports it.</summary>
/// <param name="Kind">One of <see cref="FailureKind"/>.</param>
/// <param name="Status">The HTTP status, if there was one.</param>
/// <param name="Type">The problem's type, if it said one.</param>
/// <param name="Title">The problem's title, if it said one.</param>
/// <param name="Detail">What happened.</param>
/// <param name="RetryAfterSeconds">How long the job stays out of the queue, if it goes back.</param>
/// <param name="Step">The step of the recipe that failed, from 0, if it was one.</param>
/// <param name="Converter">That step's converter.</param>
/// <param name="WaitedSeconds">How long the attempt has waited for converters between its steps: it counts as time in the queue.</param>
internal sealed record FailureReport(
    string Kind, int? Status = null, string? Type = null, string? Title = null, string? Detail = null, double? RetryAfterSeconds = null,
    int? Step = null, string? Converter = null, double? WaitedSeconds = null);
