namespace ImageEditor.AuthManager.Keys;

/// <summary>The keys that sign access tokens (configuration section <c>Keys</c>).</summary>
internal sealed class KeysOptions
{
    public const string Section = "Keys";

    /// <summary>The secret that private keys are encrypted with in the database; the same for all replicas.</summary>
    public string Protection { get; set; } = "";

    /// <summary>How long a key signs.</summary>
    public TimeSpan Rotation { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long a key is published before it signs, so that everyone knows it by then; and after its last signature.</summary>
    public TimeSpan Overlap { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often replicas look for keys that others have made.</summary>
    public TimeSpan ReloadInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether the times fit together: a key is known everywhere before it signs.</summary>
    public bool AreSound => ReloadInterval > TimeSpan.Zero && Overlap > ReloadInterval && Rotation > Overlap;
}
