namespace ImageEditor.AuthManager.Database.Entities;

/// <summary>An entry of the outbox: a deleted account whose pictures StorageManager has not removed yet.</summary>
internal sealed class PendingDeletion
{
    public Guid User { get; set; }

    public DateTimeOffset DeletedAt { get; set; }

    public DateTimeOffset NextTryAt { get; set; }

    public int Tries { get; set; }
}
