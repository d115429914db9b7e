using System.Security.Claims;
using ImageEditor.AuthManager.Keys;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ImageEditor.AuthManager.Sessions;

/// <summary>Signs access tokens.</summary>
internal sealed class AccessTokenIssuer(KeyRing ring, IOptions<SessionsOptions> options, TimeProvider time)
{
    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>Issues an access token.</summary>
    /// <param name="user">The account's id.</param>
    /// <param name="session">The id of the session, with whose end the token becomes invalid.</param>
    /// <exception cref="ProblemException">There is no key to sign with yet.</exception>
    public string Issue(Guid user, Guid session)
    {
        var now = time.GetUtcNow();
        return Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = AccessTokens.Issuer,
            Audience = AccessTokens.Audience,
            Subject = new ClaimsIdentity(
            [
                new Claim(JwtRegisteredClaimNames.Sub, user.ToString("D")),
                new Claim(AccessTokens.SessionClaim, session.ToString("D")),
            ]),
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (now + options.Value.AccessLifetime).UtcDateTime,
            SigningCredentials = new SigningCredentials(ring.Current, AccessTokens.Algorithm),
        });
    }
}
