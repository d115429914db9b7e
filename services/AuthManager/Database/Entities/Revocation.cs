namespace ImageEditor.AuthManager.Database.Entities;

/// <summary>A session that has ended before its time, so that its access tokens must be refused.</summary>
internal sealed class Revocation
{
    public Guid SessionId { get; set; }

    public DateTimeOffset RevokedAt { get; set; }
}
