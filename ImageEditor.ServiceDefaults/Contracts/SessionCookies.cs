using Microsoft.AspNetCore.Http;

namespace ImageEditor.ServiceDefaults.Contracts;

/// <summary>The cookies by which browsers stay signed in.</summary>
/// <remarks>
/// Browsers refuse the prefixes that tie a cookie to this very host over plain HTTP, which is served to the own machine only; there the
/// cookies have no prefix, and over https those names mean nothing (docs/decisions/0006-accounts.md).
/// </remarks>
public static class SessionCookies
{
    /// <summary>The only path that the refresh cookie is sent to.</summary>
    public const string RefreshPath = "/api/auth";

    /// <summary>The name of the cookie with the access token.</summary>
    public static string Access(bool https) => https ? "__Host-access" : "access";

    /// <summary>The name of the cookie with the refresh token.</summary>
    public static string Refresh(bool https) => https ? "__Secure-refresh" : "refresh";

    /// <summary>Has the browser keep both tokens.</summary>
    /// <param name="response">What carries the cookies.</param>
    /// <param name="https">Whether the browser came by https.</param>
    /// <param name="access">The access token. Its cookie outlives it on purpose: an old token is refused, and the browser learns that it has to
    /// refresh, where without a cookie its request would be taken for nobody's.</param>
    /// <param name="refresh">The refresh token.</param>
    /// <param name="expires">The end of the refresh token.</param>
    public static void Set(HttpResponse response, bool https, string access, string refresh, DateTimeOffset expires)
    {
        response.Cookies.Append(Access(https), access, Options("/", https, expires));
        response.Cookies.Append(Refresh(https), refresh, Options(RefreshPath, https, expires));
    }

    /// <summary>Has the browser forget the access token.</summary>
    public static void ExpireAccess(HttpResponse response, bool https) =>
        response.Cookies.Append(Access(https), "", Options("/", https, DateTimeOffset.UnixEpoch));

    /// <summary>Has the browser forget both tokens.</summary>
    public static void ExpireAll(HttpResponse response, bool https)
    {
        ExpireAccess(response, https);
        response.Cookies.Append(Refresh(https), "", Options(RefreshPath, https, DateTimeOffset.UnixEpoch));
    }

    private static CookieOptions Options(string path, bool https, DateTimeOffset expires) => new()
    {
        Path = path,
        Secure = https,
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Expires = expires,
    };
}
