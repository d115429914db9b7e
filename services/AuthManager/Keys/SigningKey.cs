namespace ImageEditor.AuthManager.Keys;

/// <summary>A key pair on P-256 as it is kept.</summary>
internal sealed class SigningKey
{
    /// <summary>The <c>kid</c>: 128 random bits as hexadecimal digits.</summary>
    public string Id { get; set; } = "";

    /// <summary>From when on it signs. Until then, and for a while after its successor took over, it is only published.</summary>
    public DateTimeOffset SignsFrom { get; set; }

    /// <summary>The public key as a SubjectPublicKeyInfo.</summary>
    public byte[] PublicKey { get; set; } = [];

    /// <summary>The private key as PKCS #8, sealed by <see cref="KeyProtector"/>.</summary>
    public byte[] PrivateKey { get; set; } = [];
}
