namespace ImageEditor.AuthManager.Credentials;

/// <summary>Bounds of what a caller who is not signed in yet can send.</summary>
internal static class RequestRules
{
    /// <summary>More bytes than any address, password or token needs, and few enough to be normalised and hashed in no time.</summary>
    public const int MaxBodyBytes = 16 * 1024;
}
