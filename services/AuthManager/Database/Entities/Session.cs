namespace ImageEditor.AuthManager.Database.Entities;

/// <summary>One sign-in: a family of refresh tokens, each made from the one before.</summary>
internal sealed class Session
{
    /// <summary>The id, which each of the session's access tokens contains.</summary>
    public Guid Id { get; set; }

    public Guid UserId { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }
}
