using System.Text.RegularExpressions;

namespace ImageEditor.WebFrontend.StaticFiles;

/// <summary>
/// Addresses within the app. All of them are one page, whose script shows the rest. An address that is neither a file nor one of these is
/// 404; for people the page says so.
/// </summary>
internal static partial class ClientRoutes
{
    private const string Page = "/index.html";

    public static void UseClientRoutes(this WebApplication app)
    {
        var files = app.Environment.WebRootFileProvider;
        app.Use((context, next) =>
        {
            var request = context.Request;

            // The same list is in app/src/App.tsx.
            var isRoute = Route().IsMatch(request.Path.Value ?? "");
            if (isRoute)
            {
                request.Path = Page;
            }
            else if (HttpMethods.IsGet(request.Method) && IsNavigation(request) && !files.GetFileInfo(request.Path.Value!).Exists)
            {
                context.Features.Set(new PageNotFound());
                request.Path = Page;
            }

            return next(context);
        });
    }

    /// <summary>Sets the status 404 on a page that is served for an address without one.</summary>
    public static void SetStatus(HttpContext context)
    {
        if (context.Features.Get<PageNotFound>() is not null && context.Response.StatusCode == StatusCodes.Status200OK)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    /// <summary>Whether somebody opens the address itself; browsers request scripts and styles differently.</summary>
    private static bool IsNavigation(HttpRequest request) =>
        request.Headers.Accept.ToString().StartsWith("text/html", StringComparison.Ordinal);

    [GeneratedRegex("^/(gallery(/[0-9a-zA-Z-]+)?|sign-in|sign-up|account)?/?$")]
    private static partial Regex Route();

    private sealed record PageNotFound;
}
