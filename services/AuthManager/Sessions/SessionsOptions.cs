namespace ImageEditor.AuthManager.Sessions;

/// <summary>How long sessions and tokens are valid (configuration section <c>Sessions</c>).</summary>
internal sealed class SessionsOptions
{
    public const string Section = "Sessions";

    private static readonly TimeSpan RevocationMargin = TimeSpan.FromMinutes(5);

    /// <summary>The lifetime of an access token.</summary>
    public TimeSpan AccessLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The lifetime of a refresh token that is not used.</summary>
    public TimeSpan RefreshLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>The lifetime of a session, however often it is refreshed.</summary>
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromDays(180);

    /// <summary>How long after its rotation a refresh token is still accepted: for two tabs, or for a response that was lost.</summary>
    public TimeSpan ReuseGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long Gateways are told about an ended session: longer than any of its access tokens is valid.</summary>
    public TimeSpan RevocationRetention => AccessLifetime + RevocationMargin;

    /// <summary>How often expired rows are removed.</summary>
    public TimeSpan CleanUpInterval { get; set; } = TimeSpan.FromMinutes(10);
}
