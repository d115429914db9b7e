using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>Why an attempt did not end with a result, as it is reported to the job manager.</summary>
/// <param name="Kind">How it counts: one of <see cref="FailureKind"/>.</param>
/// <param name="Status">The HTTP status for the client, should this end the job.</param>
/// <param name="Type">The problem's type.</param>
/// <param name="Title">The problem's title.</param>
/// <param name="Detail">What the client can do about it.</param>
/// <param name="RetryAfterSeconds">The delay before the next try, where the job returns to the queue.</param>
/// <param name="Step">The step that failed, from 0, if it was one.</param>
/// <param name="Converter">That step's converter.</param>
/// <param name="WaitedSeconds">How long converters were waited for between steps, which counts as time in the queue.</param>
internal sealed record JobFailure(
    string Kind, int Status, string Type, string Title, string Detail, double? RetryAfterSeconds = null, int? Step = null,
    string? Converter = null, double? WaitedSeconds = null);
