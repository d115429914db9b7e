namespace ImageEditor.ConversionManager.Attempts;

/// <summary>Why an attempt did not end with a result, as it is reported to the job manager.</summary>
/// <param name="Kind">How it counts: one of <see cref="FailureKind"/>.</param>
/// <param name="Status">The HTTP status for the client, should this end the job.</param>
/// <param name="Type">The problem's type.</param>
/// <param name="Title">The problem's title.</param>
/// <param name="Detail">What the client can do about it.</param>
/// <param name="RetryAfterSeconds">The delay before the next try, where the job returns to the queue.</param>
internal sealed record JobFailure(string Kind, int Status, string Type, string Title, string Detail, double? RetryAfterSeconds = null);

/// <summary>How a failure counts (docs/api/internal.md).</summary>
internal static class FailureKind
{
    /// <summary>This input will never work.</summary>
    public const string Final = "final";

    /// <summary>Counted; a few of them end the job.</summary>
    public const string Error = "error";

    /// <summary>The connection broke after sending; counted apart.</summary>
    public const string Broken = "broken";

    /// <summary>The converter takes nothing now; back to the queue after a pause, uncounted.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>This process stops; back to the queue at once, uncounted.</summary>
    public const string Released = "released";
}
