namespace ImageEditor.AuthManager.Sessions;

/// <summary>How long tokens live (configuration section <c>Sessions</c>).</summary>
internal sealed class SessionsOptions
{
    public const string Section = "Sessions";

    /// <summary>The life of an access token.</summary>
    public TimeSpan AccessLife { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a refresh token may lie unused.</summary>
    public TimeSpan RefreshLife { get; set; } = TimeSpan.FromDays(30);

    /// <summary>The life of a session, however often it is refreshed.</summary>
    public TimeSpan SessionLife { get; set; } = TimeSpan.FromDays(180);

    /// <summary>How long after its rotation a refresh token is still answered: two tabs, or an answer that got lost.</summary>
    public TimeSpan ReuseGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an ended session is told to Gateways: past the end of any token of its.</summary>
    public TimeSpan RevocationLife => AccessLife + TimeSpan.FromMinutes(5);

    /// <summary>How often what has expired is removed.</summary>
    public TimeSpan CleanUpInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether the times fit together.</summary>
    public bool AreSound => AccessLife > TimeSpan.Zero && RefreshLife > AccessLife && SessionLife >= RefreshLife && ReuseGrace >= TimeSpan.Zero && CleanUpInterval > TimeSpan.Zero;
}
