using System.Security.Claims;
using ImageEditor.AuthManager.Sessions;
using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ImageEditor.AuthManager.Keys;

/// <summary>Signs access tokens.</summary>
internal sealed class AccessTokenIssuer(KeyRing ring, IOptions<SessionsOptions> options, TimeProvider time)
{
    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>Makes an access token.</summary>
    /// <param name="user">The account that it speaks for.</param>
    /// <param name="session">The session with whose end it is refused.</param>
    /// <exception cref="SigningKeysUnavailableException">There is no key yet.</exception>
    public string Issue(Guid user, Guid session)
    {
        var now = time.GetUtcNow();
        return Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = AccessTokens.Issuer,
            Audience = AccessTokens.Audience,
            Subject = new ClaimsIdentity([new Claim(JwtRegisteredClaimNames.Sub, user.ToString("D")), new Claim(AccessTokens.SessionClaim, session.ToString("D"))]),
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (now + options.Value.AccessLife).UtcDateTime,
            SigningCredentials = new SigningCredentials(ring.Current, AccessTokens.Algorithm),
        });
    }
}
