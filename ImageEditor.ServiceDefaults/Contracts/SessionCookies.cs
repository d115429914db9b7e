using Microsoft.AspNetCore.Http;

namespace ImageEditor.ServiceDefaults.Contracts;

/// <summary>The cookies that keep browsers signed in.</summary>
/// <remarks>
/// Over plain HTTP, which is served to this machine only, browsers refuse cookies with the prefixes that bind a cookie to its host. There
/// the cookies have no prefix, and over https those names are ignored (docs/decisions/0006-accounts.md).
/// </remarks>
public static class SessionCookies
{
    /// <summary>The only path that the refresh cookie is sent to.</summary>
    public const string RefreshPath = "/api/auth";

    /// <summary>The name of the cookie with the access token.</summary>
    public static string Access(bool https) => https ? "__Host-access" : "access";

    /// <summary>The name of the cookie with the refresh token.</summary>
    public static string Refresh(bool https) => https ? "__Secure-refresh" : "refresh";

    /// <summary>Sets both cookies.</summary>
    /// <param name="response">The response that sets the cookies.</param>
    /// <param name="https">Whether the browser uses https.</param>
    /// <param name="access">
    /// The access token. Its cookie outlives it on purpose: an expired token is refused, so that the browser refreshes it. Without the
    /// cookie its request would be anonymous.
    /// </param>
    /// <param name="refresh">The refresh token.</param>
    /// <param name="expires">When the refresh token expires.</param>
    public static void Set(HttpResponse response, bool https, string access, string refresh, DateTimeOffset expires)
    {
        response.Cookies.Append(Access(https), access, Options("/", https, expires));
        response.Cookies.Append(Refresh(https), refresh, Options(RefreshPath, https, expires));
    }

    /// <summary>Deletes the cookie with the access token.</summary>
    public static void ExpireAccess(HttpResponse response, bool https) =>
        response.Cookies.Append(Access(https), "", Options("/", https, DateTimeOffset.UnixEpoch));

    /// <summary>Deletes both cookies.</summary>
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
