using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Model;

namespace ImageEditor.Gateway.Authentication;

/// <summary>Checks access tokens, and names the user to the services in the header <c>X-Authenticated-User</c>.</summary>
/// <remarks>
/// It removes the headers by which a caller could claim to be a user, or to be one of the installation's services: services believe those
/// headers.
/// </remarks>
internal sealed class RequestAuthentication(
    RequestDelegate next, TokenValidationKeys keys, AccessTokenValidator validator, IOptions<AuthenticationOptions> options)
{
    private const string Bearer = "Bearer ";

    private static readonly string[] ReservedPrefixes = ["X-Authenticated-", "X-Internal-"];
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private static readonly Problem ForeignOrigin =
        ProblemTypes.ForeignOrigin.Create("Open this installation's own page and try again there.");

    private static readonly Problem KeysUnavailable = ProblemTypes.Unavailable.Create(
        "Who you are cannot be checked at the moment; try again shortly, or without signing in.", RetryAfter);

    private static readonly Problem InvalidToken =
        ProblemTypes.InvalidToken.Create("The access token has expired or is not valid; refresh it, or sign in again.");

    /// <summary>Passes a request on, without the headers that only the Gateway reads.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        RemoveReservedHeaders(headers);
        if (!CsrfProtection.Allows(context.Request, options.Value.Origins))
        {
            await ForeignOrigin.ExecuteAsync(context);
            return;
        }

        // Only routes to services read tokens; the Gateway's own responses are for everybody.
        var route = context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>()?.Config;
        if (route is not null && RouteMetadata.ReadsTokens(route) && ReadToken(context.Request) is { } token)
        {
            if (keys.Current is not { } current)
            {
                await KeysUnavailable.ExecuteAsync(context);
                return;
            }

            if (await validator.ValidateAsync(token, current) is not { } user)
            {
                await RefuseTokenAsync(context);
                return;
            }

            headers[ServiceHeaders.AuthenticatedUser] = user.ToString("D");
        }

        headers.Remove(HeaderNames.Authorization);
        if (route is null || !RouteMetadata.ForwardsCookies(route))
        {
            headers.Remove(HeaderNames.Cookie);
        }

        await next(context);
    }

    internal static void RemoveReservedHeaders(IHeaderDictionary headers)
    {
        foreach (var name in headers.Keys.Where(IsReserved).ToList())
        {
            headers.Remove(name);
        }
    }

    private static Task RefuseTokenAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        if (context.Request.Cookies.ContainsKey(SessionCookies.Access(context.Request.IsHttps)))
        {
            SessionCookies.ExpireAccess(context.Response, context.Request.IsHttps);
        }

        return InvalidToken.ExecuteAsync(context);
    }

    /// <returns>
    /// Null when the request is anonymous. An empty token, which is never valid, when the header has anything but a bearer token: then the
    /// caller does not mean to be anonymous.
    /// </returns>
    private static string? ReadToken(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.Length == 0 ? request.Cookies[SessionCookies.Access(request.IsHttps)]
            : header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim()
            : "";
    }

    // Some servers take underscores for hyphens, as CGI does. Both spellings are one name here.
    private static bool IsReserved(string name)
    {
        var normalized = name.Replace('_', '-');
        return Array.Exists(ReservedPrefixes, prefix => normalized.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
    }
}
