using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.JobManager.Attempts;

/// <summary>Why an attempt failed, as its holder reports it.</summary>
/// <param name="Kind">One of <see cref="FailureKind"/>.</param>
/// <param name="Status">The HTTP status, if there was one.</param>
/// <param name="Type">The problem's type, if it said one.</param>
/// <param name="Title">The problem's title, if it said one.</param>
/// <param name="Detail">What happened.</param>
/// <param name="RetryAfterSeconds">How long the job stays out of the queue, if it goes back.</param>
internal sealed record FailureReport(
    string Kind, int? Status = null, string? Type = null, string? Title = null, string? Detail = null, double? RetryAfterSeconds = null);
