namespace ImageEditor.AuthManager.Database.Entities;

/// <summary>A refresh token, of which only the hash is stored.</summary>
internal sealed class RefreshToken
{
    /// <summary>SHA-256 of the token. The token has 256 random bits, so a plain hash is as good as a slow one.</summary>
    public byte[] Hash { get; set; } = [];

    public Guid SessionId { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>When its successor was created; null before.</summary>
    public DateTimeOffset? RotatedAt { get; set; }
}
