namespace ImageEditor.AuthManager.Deletion;

/// <summary>The outbox: an account that was deleted, and whose pictures StorageManager has not yet confirmed to be gone.</summary>
internal sealed class AccountDeletion
{
    public Guid User { get; set; }

    public DateTimeOffset DeletedAt { get; set; }

    public DateTimeOffset NextTryAt { get; set; }

    public int Tries { get; set; }
}
