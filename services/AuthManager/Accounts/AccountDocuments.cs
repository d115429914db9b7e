namespace ImageEditor.AuthManager.Accounts;

/// <summary>What register and login take.</summary>
/// <param name="Email">The account's address.</param>
/// <param name="Password">The password.</param>
/// <param name="Cookies">Whether to answer with cookies, as browsers want, in place of tokens.</param>
internal sealed record Credentials(string? Email, string? Password, bool Cookies = false);

/// <summary>What changing the password takes.</summary>
/// <param name="CurrentPassword">The password until now.</param>
/// <param name="NewPassword">The password from now on.</param>
/// <param name="Cookies">Whether to answer with cookies in place of tokens.</param>
internal sealed record PasswordChange(string? CurrentPassword, string? NewPassword, bool Cookies = false);

/// <summary>What deleting an account takes.</summary>
/// <param name="Password">The account's password.</param>
internal sealed record Confirmation(string? Password);

/// <summary>An account as its owner sees it.</summary>
internal sealed record AccountDocument(Guid Id, string Email, DateTimeOffset CreatedAt);
