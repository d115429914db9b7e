namespace ImageEditor.AuthManager.Credentials;

/// <summary>What register and login take.</summary>
/// <param name="Email">The account's address.</param>
/// <param name="Password">The password.</param>
/// <param name="Cookies">Whether to answer with cookies, as browsers want, in place of tokens.</param>
internal sealed record CredentialsRequest(string? Email, string? Password, bool Cookies = false);
