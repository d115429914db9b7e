using System.Collections.Frozen;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using ImageEditor.Gateway.Authentication;
using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ImageEditor.Gateway.Tests.Authentication;

public sealed class AccessTokenValidatorTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid User = Guid.Parse("0d3c6f4e-30b6-4c4e-9d0e-5f6f0a4f2c11");
    private static readonly Guid Session = Guid.Parse("6f4c2b0a-91a7-4bb5-8c53-77f1c2f1a900");

    private readonly ECDsa _pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _otherPair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly AccessTokenValidator _validator = new(new FakeTimeProvider(Now));
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    public void Dispose()
    {
        _pair.Dispose();
        _otherPair.Dispose();
    }

    [Fact]
    public async Task ValidateAsync_ValidToken_GivesItsUser() => Assert.Equal(User, await ValidateAsync(Token()));

    [Theory]
    [InlineData(9, true)]
    [InlineData(11, false)]
    public async Task ValidateAsync_SecondsAfterItsEnd_IsValidWithinTheClocksSkewOnly(int seconds, bool valid) =>
        Assert.Equal(valid, await ValidateAsync(Token(expires: Now.AddSeconds(-seconds))) is not null);

    [Theory]
    [InlineData(9, true)]
    [InlineData(11, false)]
    public async Task ValidateAsync_SecondsBeforeItsBeginning_IsValidWithinTheClocksSkewOnly(int seconds, bool valid) =>
        Assert.Equal(valid, await ValidateAsync(Token(notBefore: Now.AddSeconds(seconds))) is not null);

    [Fact]
    public async Task ValidateAsync_SignedWithAnotherKeyOfTheSameId_IsRefused() =>
        Assert.Null(await ValidateAsync(Token(key: new ECDsaSecurityKey(_otherPair) { KeyId = "key" })));

    [Fact]
    public async Task ValidateAsync_SignedWithAnUnknownKey_IsRefused() =>
        Assert.Null(await ValidateAsync(Token(key: new ECDsaSecurityKey(_pair) { KeyId = "unknown" })));

    [Fact]
    public async Task ValidateAsync_AlgorithmNone_IsRefused()
    {
        var parts = Token().Split('.');
        Assert.Null(await ValidateAsync($"{Encode("""{"alg":"none","typ":"JWT","kid":"key"}""")}.{parts[1]}."));
        Assert.Null(await ValidateAsync($"{Encode("""{"alg":"none","typ":"JWT","kid":"key"}""")}.{parts[1]}.{parts[2]}"));
    }

    [Fact]
    public async Task ValidateAsync_ThePublicKeyAsTheSecretOfAnHmac_IsRefused()
    {
        var secret = new SymmetricSecurityKey(_pair.ExportSubjectPublicKeyInfo()) { KeyId = "key" };
        Assert.Null(await ValidateAsync(Token(key: secret, algorithm: SecurityAlgorithms.HmacSha256)));
    }

    [Fact]
    public async Task ValidateAsync_AlteredClaims_IsRefused()
    {
        var parts = Token().Split('.');
        var claims = Base64UrlEncoder.Decode(parts[1]).Replace(User.ToString("D"), Guid.NewGuid().ToString("D"), StringComparison.Ordinal);
        Assert.Null(await ValidateAsync($"{parts[0]}.{Encode(claims)}.{parts[2]}"));
    }

    [Theory]
    [InlineData("somebody", AccessTokens.Audience)]
    [InlineData(AccessTokens.Issuer, "something")]
    public async Task ValidateAsync_FromOrForSomebodyElse_IsRefused(string issuer, string audience) =>
        Assert.Null(await ValidateAsync(Token(issuer: issuer, audience: audience)));

    [Fact]
    public async Task ValidateAsync_SessionThatHasEnded_IsRefused() =>
        Assert.Null(await _validator.ValidateAsync(Token(), Keys() with { RevokedSessions = new[] { Session }.ToFrozenSet() }));

    [Theory]
    [InlineData("admin", "6f4c2b0a-91a7-4bb5-8c53-77f1c2f1a900")]
    [InlineData("0d3c6f4e-30b6-4c4e-9d0e-5f6f0a4f2c11", "none")]
    [InlineData("0d3c6f4e-30b6-4c4e-9d0e-5f6f0a4f2c11", null)]
    public async Task ValidateAsync_NoUserOrSession_IsRefused(string subject, string? session) =>
        Assert.Null(await ValidateAsync(Token(subject: subject, session: session)));

    [Fact]
    public async Task ValidateAsync_NoEnd_IsRefused() => Assert.Null(await ValidateAsync(Token(hasEnd: false)));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("....")]
    public async Task ValidateAsync_NoToken_IsRefused(string token) => Assert.Null(await ValidateAsync(token));

    [Fact]
    public async Task ValidateAsync_VeryLong_IsRefused() => Assert.Null(await ValidateAsync(Token() + new string('A', 5000)));

    private Task<Guid?> ValidateAsync(string token) => _validator.ValidateAsync(token, Keys());

    private TokenValidationKeys.Snapshot Keys() => new([PublicKey()], FrozenSet<Guid>.Empty);

    // As the Gateway reads it from AuthManager's key set.
    private SecurityKey PublicKey()
    {
        var point = _pair.ExportParameters(includePrivateParameters: false).Q;
        var (x, y) = (Base64UrlEncoder.Encode(point.X), Base64UrlEncoder.Encode(point.Y));
        var keys = new JsonWebKeySet(
            $$"""{"keys":[{"kid":"key","kty":"EC","crv":"P-256","alg":"ES256","use":"sig","x":"{{x}}","y":"{{y}}"}]}""");
        return Assert.Single(keys.GetSigningKeys());
    }

    private string Token(
        SecurityKey? key = null,
        string algorithm = AccessTokens.Algorithm,
        string issuer = AccessTokens.Issuer,
        string audience = AccessTokens.Audience,
        DateTimeOffset? notBefore = null,
        DateTimeOffset? expires = null,
        string subject = "0d3c6f4e-30b6-4c4e-9d0e-5f6f0a4f2c11",
        string? session = "6f4c2b0a-91a7-4bb5-8c53-77f1c2f1a900",
        bool hasEnd = true) =>
        _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            Subject = new ClaimsIdentity(
                [new Claim("sub", subject), .. session is null ? Array.Empty<Claim>() : [new Claim(AccessTokens.SessionClaim, session)]]),
            NotBefore = (notBefore ?? Now.AddHours(-1)).UtcDateTime,
            Expires = hasEnd ? (expires ?? Now.AddMinutes(5)).UtcDateTime : null,
            SigningCredentials = new SigningCredentials(key ?? new ECDsaSecurityKey(_pair) { KeyId = "key" }, algorithm),
        });

    private static string Encode(string text) => Base64UrlEncoder.Encode(Encoding.UTF8.GetBytes(text));
}
