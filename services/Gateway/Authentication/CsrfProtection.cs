using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.Gateway.Authentication;

/// <summary>Keeps other sites from acting through the browser of a signed-in user, and from signing a browser in.</summary>
internal static class CsrfProtection
{
    private static readonly PathString Accounts = "/api/auth";

    /// <summary>Whether a request is allowed.</summary>
    /// <param name="request">The request, before anything is removed from it.</param>
    /// <param name="origins">Origins that are allowed beside the request's own.</param>
    public static bool Allows(HttpRequest request, IEnumerable<string> origins)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        {
            return true;
        }

        // Browsers send the origin with every unsafe request. A request with neither our cookies nor an origin is not a browser's.
        var origin = request.Headers.Origin.ToString();
        var isAllowedOrigin = origin.Length > 0
            && (string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
                || origins.Contains(origin, StringComparer.OrdinalIgnoreCase));
        var needsProtection = HasCookies(request)
            || (origin.Length > 0 && request.Path.StartsWithSegments(Accounts, StringComparison.OrdinalIgnoreCase));
        return isAllowedOrigin || !needsProtection;
    }

    private static bool HasCookies(HttpRequest request) =>
        request.Cookies.ContainsKey(SessionCookies.Access(request.IsHttps))
        || request.Cookies.ContainsKey(SessionCookies.Refresh(request.IsHttps));
}
