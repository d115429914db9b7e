using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ImageEditor.Gateway.Annotation;

/// <summary>Tells whose an access token is.</summary>
internal sealed class TokenChecker(TimeProvider time)
{
    private const int MaxTokenCharacters = 4096;

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = MaxTokenCharacters };

    /// <summary>Checks a token against what is trusted now.</summary>
    /// <returns>The user's id; null when the token is not valid, for whatever reason.</returns>
    public async Task<Guid?> CheckAsync(string token, TrustedTokens.Snapshot trusted)
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
            IssuerSigningKeys = trusted.Keys,
            TryAllIssuerSigningKeys = false,
            LifetimeValidator = IsAlive,
        });
        return result.IsValid
            && result.SecurityToken is JsonWebToken read
            && Guid.TryParseExact(read.Subject, "D", out var user)
            && read.TryGetPayloadValue<string>(AccessTokens.SessionClaim, out var sid)
            && Guid.TryParseExact(sid, "D", out var session)
            && !trusted.RevokedSessions.Contains(session)
            ? user
            : null;
    }

    private bool IsAlive(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return notBefore - AccessTokens.ClockSkew <= now && now < expires + AccessTokens.ClockSkew;
    }
}
