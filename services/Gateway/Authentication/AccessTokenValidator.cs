using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ImageEditor.Gateway.Authentication;

/// <summary>Validates access tokens.</summary>
internal sealed class AccessTokenValidator(TimeProvider time)
{
    private const int MaxTokenCharacters = 4096;

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = MaxTokenCharacters };

    /// <summary>Validates a token.</summary>
    /// <returns>The user's id; null when the token is not valid, for whatever reason.</returns>
    public async Task<Guid?> ValidateAsync(string token, TokenValidationKeys.Snapshot keys)
    {
        if (token.Length > MaxTokenCharacters)
        {
            return null;
        }

        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = AccessTokens.Issuer,
            ValidAudience = AccessTokens.Audience,
            ValidAlgorithms = [AccessTokens.Algorithm],
            IssuerSigningKeys = keys.Keys,
            TryAllIssuerSigningKeys = false,
            LifetimeValidator = IsWithinLifetime,
        });
        return result.IsValid
            && result.SecurityToken is JsonWebToken validated
            && Guid.TryParseExact(validated.Subject, "D", out var user)
            && validated.TryGetPayloadValue<string>(AccessTokens.SessionClaim, out var sid)
            && Guid.TryParseExact(sid, "D", out var session)
            && !keys.RevokedSessions.Contains(session)
            ? user
            : null;
    }

    private bool IsWithinLifetime(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return notBefore - AccessTokens.ClockSkew <= now && now < expires + AccessTokens.ClockSkew;
    }
}
