namespace ImageEditor.AuthManager.Keys;

/// <summary>The keys that sign access tokens (configuration section <c>Keys</c>).</summary>
internal sealed class KeysOptions
{
    public const string Section = "Keys";

    /// <summary>The secret that private keys are encrypted with in the database; the same for all replicas.</summary>
    public string EncryptionSecret { get; set; } = "";

    /// <summary>How long a key signs.</summary>
    public TimeSpan RotationInterval { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long a key is published before it signs, so that everybody knows it by then; and after its last signature.</summary>
    public TimeSpan PublicationLead { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often replicas read the keys that others have created.</summary>
    public TimeSpan ReloadInterval { get; set; } = TimeSpan.FromMinutes(1);
}
