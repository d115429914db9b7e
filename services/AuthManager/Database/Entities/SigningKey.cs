namespace ImageEditor.AuthManager.Database.Entities;

/// <summary>A key pair on P-256.</summary>
internal sealed class SigningKey
{
    /// <summary>The <c>kid</c>: 128 random bits as hexadecimal digits.</summary>
    public string Id { get; set; } = "";

    /// <summary>When it begins to sign. Before that, and for a while after its successor begins, it is only published.</summary>
    public DateTimeOffset ActiveFrom { get; set; }

    /// <summary>The public key as a SubjectPublicKeyInfo.</summary>
    public byte[] PublicKey { get; set; } = [];

    /// <summary>The private key as PKCS #8, encrypted with <c>Keys:EncryptionSecret</c>.</summary>
    public byte[] PrivateKey { get; set; } = [];
}
