using System.Text.RegularExpressions;

namespace ImageEditor.WebFrontend.Pages;

/// <summary>
/// Addresses within the app: all of them are one page, whose script shows the rest. What is neither a file nor one of these is 404;
/// to people the app says so itself.
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

            // The same list stands in app/src/App.tsx.
            var isRoute = Route().IsMatch(request.Path.Value ?? "");
            if (isRoute)
            {
                request.Path = Page;
            }
            else if (HttpMethods.IsGet(request.Method) && AsksForPage(request) && !files.GetFileInfo(request.Path.Value!).Exists)
            {
                context.Features.Set(new NoSuchPage());
                request.Path = Page;
            }

            return next(context);
        });
    }

    /// <summary>Gives the page that stands in for one that is not there its true status.</summary>
    public static void Describe(HttpContext context)
    {
        if (context.Features.Get<NoSuchPage>() is not null && context.Response.StatusCode == StatusCodes.Status200OK)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    /// <summary>Somebody looks at the address itself; scripts and styles are asked for differently.</summary>
    private static bool AsksForPage(HttpRequest request) => request.Headers.Accept.ToString().StartsWith("text/html", StringComparison.Ordinal);

    [GeneratedRegex("^/(gallery(/[0-9a-zA-Z-]+)?|sign-in|sign-up|account)?/?$")]
    private static partial Regex Route();

    private sealed record NoSuchPage;
}
