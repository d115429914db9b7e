namespace ImageEditor.JobManager.Saves;

/// <summary>What an attempt at saving came to, as it is reported.</summary>
/// <param name="Outcome">One of <see cref="SaveOutcome"/>.</param>
/// <param name="Status">The HTTP status that decided, if there was one.</param>
/// <param name="Detail">What happened, for the log.</param>
/// <param name="RetryAfterSeconds">The shortest delay before the next attempt.</param>
internal sealed record SaveReport(string Outcome, int? Status = null, string? Detail = null, double? RetryAfterSeconds = null)
{
    private const int MaxDetailLength = 500;

    /// <summary>The detail, cut to what a log line should carry, without line breaks.</summary>
    public string Reason => string.IsNullOrWhiteSpace(Detail)
        ? "no reason given"
        : (Detail.Length <= MaxDetailLength ? Detail : Detail[..MaxDetailLength]).ReplaceLineEndings(" ");

    /// <summary>The delay that was asked for.</summary>
    public TimeSpan RetryAfter => TimeSpan.FromSeconds(Math.Clamp(RetryAfterSeconds ?? 0, 0, 3600));
}
