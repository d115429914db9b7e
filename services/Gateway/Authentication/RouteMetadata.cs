using Yarp.ReverseProxy.Configuration;

namespace ImageEditor.Gateway.Authentication;

/// <summary>The metadata of routes in appsettings.json that authentication reads.</summary>
internal static class RouteMetadata
{
    /// <summary><c>None</c> for a route that does not read access tokens, so that an expired token locks nobody out.</summary>
    public const string Authentication = "Authentication";

    /// <summary>The value of <see cref="Authentication"/> for a route that does not read access tokens.</summary>
    public const string None = "None";

    /// <summary><c>true</c> for a route whose service reads cookies.</summary>
    private const string ForwardCookies = "ForwardCookies";

    public static bool ReadsTokens(RouteConfig route) => !HasMetadata(route, Authentication, None);

    public static bool ForwardsCookies(RouteConfig route) => HasMetadata(route, ForwardCookies, "true");

    private static bool HasMetadata(RouteConfig route, string name, string value) =>
        route.Metadata is { } metadata && metadata.TryGetValue(name, out var found) && found == value;
}
