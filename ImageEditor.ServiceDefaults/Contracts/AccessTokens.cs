namespace ImageEditor.ServiceDefaults.Contracts;

/// <summary>What AuthManager, which issues access tokens, and the Gateway, which validates them, agree on.</summary>
public static class AccessTokens
{
    /// <summary>The <c>iss</c> of every token.</summary>
    public const string Issuer = "image-editor";

    /// <summary>The <c>aud</c> of every token.</summary>
    public const string Audience = "image-editor";

    /// <summary>The only signature algorithm: ECDSA on P-256 with SHA-256.</summary>
    public const string Algorithm = "ES256";

    /// <summary>The claim with the session's id, by which a token can be revoked.</summary>
    public const string SessionClaim = "sid";

    /// <summary>How far the clocks of the two services may differ.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(10);
}
