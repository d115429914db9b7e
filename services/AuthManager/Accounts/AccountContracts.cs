namespace ImageEditor.AuthManager.Accounts;

/// <summary>What changing the password takes.</summary>
/// <param name="CurrentPassword">The password until now.</param>
/// <param name="NewPassword">The password from now on.</param>
/// <param name="Cookies">Whether to answer with cookies in place of tokens.</param>
internal sealed record ChangePasswordRequest(string? CurrentPassword, string? NewPassword, bool Cookies = false);

/// <summary>What deleting an account takes.</summary>
/// <param name="Password">The account's password.</param>
internal sealed record DeleteAccountRequest(string? Password);

/// <summary>An account as its owner sees it.</summary>
internal sealed record AccountResponse(Guid Id, string Email, DateTimeOffset CreatedAt);
