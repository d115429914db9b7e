namespace ImageEditor.ConversionManager.Saves;

/// <summary>How an attempt at saving ended, as it is reported to the job manager (docs/api/internal.md).</summary>
/// <param name="Outcome"><c>saved</c>, <c>refused</c>, <c>again</c> or <c>released</c>.</param>
/// <param name="Status">The HTTP status that decided, if there was one.</param>
/// <param name="Detail">What happened, for the log.</param>
/// <param name="RetryAfterSeconds">The minimum delay before the next try.</param>
internal sealed record SaveReport(string Outcome, int? Status = null, string? Detail = null, double? RetryAfterSeconds = null)
{
    /// <summary>It is in the gallery.</summary>
    public static SaveReport Saved { get; } = new("saved");

    /// <summary>This process stops; another one saves it.</summary>
    public static SaveReport Released { get; } = new("released", Detail: "The process stops.");

    /// <summary>The gallery will never take it.</summary>
    public static SaveReport Refused(int? status, string detail) => new("refused", status, detail);

    /// <summary>To be tried again after a delay.</summary>
    public static SaveReport Retry(string detail, int? status = null, TimeSpan? retryAfter = null) =>
        new("again", status, detail, retryAfter?.TotalSeconds);
}
