namespace ImageEditor.AuthManager.Sessions;

/// <summary>What a sign-in or a refresh yields.</summary>
/// <param name="Access">The access token.</param>
/// <param name="AccessLife">The access token's life.</param>
/// <param name="Refresh">The refresh token.</param>
/// <param name="RefreshExpiresAt">The refresh token's end.</param>
internal sealed record IssuedTokens(string Access, TimeSpan AccessLife, string Refresh, DateTimeOffset RefreshExpiresAt);
