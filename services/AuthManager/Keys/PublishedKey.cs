using System.Text.Json.Serialization;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.AuthManager.Keys;

/// <summary>A public key as a JSON Web Key (RFC 7517, RFC 7518 section 6.2).</summary>
/// <param name="KeyId">The key's id, as in a token's header.</param>
/// <param name="X">The point's x coordinate, base64url.</param>
/// <param name="Y">The point's y coordinate, base64url.</param>
internal sealed record PublishedKey([property: JsonPropertyName("kid")] string KeyId, string X, string Y)
{
    [JsonPropertyName("kty")]
    public string KeyType { get; init; } = "EC";

    [JsonPropertyName("crv")]
    public string Curve { get; init; } = "P-256";

    public string Use { get; init; } = "sig";

    [JsonPropertyName("alg")]
    public string Algorithm { get; init; } = AccessTokens.Algorithm;
}

/// <summary>A JSON Web Key Set.</summary>
internal sealed record PublishedKeys(IReadOnlyList<PublishedKey> Keys);
