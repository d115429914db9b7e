using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Http;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace ImageEditor.Gateway.Annotation;

/// <summary>
/// What services believe about a request comes from here alone: headers by which a caller could pretend to be somebody, or to be one of the
/// installation's services, are taken off; the access token is checked; and <c>X-Authenticated-User</c> says whose it is.
/// </summary>
internal static class RequestAnnotator
{
    /// <summary>Metadata of a route in appsettings.json: <c>ignored</c> where access tokens are not read, so that nobody is locked out by a stale one.</summary>
    private const string Tokens = "Tokens";

    /// <summary>Metadata of a route in appsettings.json: <c>kept</c> where the service behind reads cookies.</summary>
    private const string Cookies = "Cookies";

    private const string Bearer = "Bearer ";

    private static readonly string[] Reserved = ["X-Authenticated-", "X-Internal-"];
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    public static void AddRequestAnnotator(this WebApplicationBuilder builder)
    {
        builder.AddServiceClient(TrustedTokensRefresh.AuthManager);
        builder.Services.AddOptions<AccessOptions>().BindConfiguration(AccessOptions.Section)
            .Validate(options => options.RefreshInterval > TimeSpan.Zero, "'Access:RefreshInterval' must be above zero.")
            .ValidateOnStart();
        builder.Services.AddSingleton<TrustedTokens>();
        builder.Services.AddSingleton<TokenChecker>();
        builder.Services.AddHostedService<TrustedTokensRefresh>();
    }

    public static WebApplication UseRequestAnnotator(this WebApplication app)
    {
        var tokens = app.Services.GetRequiredService<TrustedTokens>();
        var checker = app.Services.GetRequiredService<TokenChecker>();
        var origins = app.Services.GetRequiredService<IOptions<AccessOptions>>().Value.Origins;
        app.Use(async (context, next) =>
        {
            var headers = context.Request.Headers;
            Strip(headers);
            if (!OriginRule.Allows(context.Request, origins))
            {
                await ProblemTypes.ForeignOrigin.Create("Open this installation's own page and try again there.").ExecuteAsync(context);
                return;
            }

            var route = context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>()?.Config;
            if (await AnnotateAsync(context, route, tokens.Current, checker) is { } refusal)
            {
                await refusal.ExecuteAsync(context);
                return;
            }

            // What the Gateway alone reads goes no further.
            headers.Remove(HeaderNames.Authorization);
            if (!Says(route, Cookies, "kept"))
            {
                headers.Remove(HeaderNames.Cookie);
            }

            await next(context);
        });
        return app;
    }

    internal static void Strip(IHeaderDictionary headers)
    {
        foreach (var name in headers.Keys.Where(IsReserved).ToList())
        {
            headers.Remove(name);
        }
    }

    private static async Task<Problem?> AnnotateAsync(
        HttpContext context, RouteConfig? route, TrustedTokens.Snapshot? trusted, TokenChecker checker)
    {
        // Only routes to services read tokens; the Gateway's own answers are for everybody.
        if (route is null || Says(route, Tokens, "ignored") || TokenOf(context.Request) is not { } token)
        {
            return null;
        }

        if (trusted is null)
        {
            return ProblemTypes.Unavailable.Create("Who you are cannot be checked at the moment; try again shortly, or without signing in.", RetryAfter);
        }

        if (await checker.CheckAsync(token, trusted) is not { } user)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
            if (context.Request.Cookies.ContainsKey(SessionCookies.Access(context.Request.IsHttps)))
            {
                SessionCookies.ExpireAccess(context.Response, context.Request.IsHttps);
            }

            return ProblemTypes.InvalidToken.Create("The access token has expired or is not valid; refresh it, or sign in again.");
        }

        context.Request.Headers[ServiceHeaders.AuthenticatedUser] = user.ToString("D");
        return null;
    }

    private static string? TokenOf(HttpRequest request)
    {
        // A header that is there but no token of ours is a bad token, not nobody's request.
        var header = request.Headers.Authorization.ToString();
        return header.Length > 0
            ? header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : ""
            : request.Cookies[SessionCookies.Access(request.IsHttps)];
    }

    private static bool Says(RouteConfig? route, string name, string value) =>
        route?.Metadata is { } metadata && metadata.TryGetValue(name, out var said) && said == value;

    // Servers behind may fold underscores into hyphens (CGI's habit), so both spellings are one name here.
    private static bool IsReserved(string name)
    {
        var folded = name.Replace('_', '-');
        return Array.Exists(Reserved, prefix => folded.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
    }
}
