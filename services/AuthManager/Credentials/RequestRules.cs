namespace ImageEditor.AuthManager.Credentials;

/// <summary>Bounds of what a caller who is not signed in yet can send.</summary>
internal static class RequestRules
{
    /// <summary>More bytes than any address, password or token needs.</summary>
    public const int MaxBodyBytes = 16 * 1024;

    /// <summary>
    /// The password, or an empty one instead of one that is longer than any account's: hashing a megabyte would only take time.
    /// </summary>
    public static string EmptyIfTooLong(string? password) => password is { Length: <= PasswordPolicy.MaxLength } ? password : "";
}
