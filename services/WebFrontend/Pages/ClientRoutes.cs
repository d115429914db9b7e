using System.Text.RegularExpressions;

namespace ImageEditor.WebFrontend.Pages;

/// <summary>Addresses within the app: all of them are one page, whose script shows the rest. What is neither a file nor one of these is 404.</summary>
internal static partial class ClientRoutes
{
    private const string Page = "/index.html";

    public static void UseClientRoutes(this WebApplication app) => app.Use((context, next) =>
    {
        // The same list stands in app/src/App.tsx.
        if (Route().IsMatch(context.Request.Path.Value ?? ""))
        {
            context.Request.Path = Page;
        }

        return next(context);
    });

    [GeneratedRegex("^/(gallery(/[0-9a-zA-Z-]+)?|sign-in|sign-up|account)?/?$")]
    private static partial Regex Route();
}
