namespace ImageEditor.AuthManager.Sessions;

/// <summary>The tokens of a sign-in or a refresh.</summary>
/// <param name="Access">The access token.</param>
/// <param name="AccessLifetime">The access token's lifetime.</param>
/// <param name="Refresh">The refresh token.</param>
/// <param name="RefreshExpiresAt">The refresh token's end.</param>
internal sealed record IssuedTokens(string Access, TimeSpan AccessLifetime, string Refresh, DateTimeOffset RefreshExpiresAt);
