using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.Gateway.Annotation;

/// <summary>Keeps other sites from acting through the browser of somebody who is signed in here, and from signing a browser in.</summary>
internal static class OriginRule
{
    private static readonly PathString Accounts = "/api/auth";

    /// <summary>Whether a request may go on.</summary>
    /// <param name="request">The request as it came.</param>
    /// <param name="origins">Origins that are let in beside the request's own.</param>
    public static bool Allows(HttpRequest request, IEnumerable<string> origins)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        {
            return true;
        }

        // Browsers name the origin of every unsafe request; what has neither cookies of ours nor an origin is no browser.
        var origin = request.Headers.Origin.ToString();
        var isOurs = origin.Length > 0
            && (string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase) || origins.Contains(origin, StringComparer.OrdinalIgnoreCase));
        var matters = HasCookies(request) || (origin.Length > 0 && request.Path.StartsWithSegments(Accounts, StringComparison.OrdinalIgnoreCase));
        return isOurs || !matters;
    }

    private static bool HasCookies(HttpRequest request) =>
        request.Cookies.ContainsKey(SessionCookies.Access(request.IsHttps)) || request.Cookies.ContainsKey(SessionCookies.Refresh(request.IsHttps));
}
