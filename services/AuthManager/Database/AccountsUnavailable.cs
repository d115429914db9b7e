using ImageEditor.ServiceDefaults.Problems;

namespace ImageEditor.AuthManager.Database;

/// <summary>Refuses requests while this service cannot use its database, or has not read its signing keys.</summary>
internal static partial class AccountsUnavailable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>Logs the reason, and creates the refusal.</summary>
    public static ProblemException Refuse(ILogger logger, string reason)
    {
        Log.Unavailable(logger, reason);
        return ProblemTypes.Unavailable.Refuse(
            "Accounts cannot be reached at the moment; try again shortly. Conversions work without signing in.", RetryAfter);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Answered 503: {Reason}", EventName = "Unavailable")]
        public static partial void Unavailable(ILogger logger, string reason);
    }
}
