using Microsoft.Net.Http.Headers;

namespace ImageEditor.WebFrontend.Pages;

/// <summary>The web page, as static files.</summary>
public static class PagesExtensions
{
    // blob: is for pictures that the page holds in memory: the chosen one and the result.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Serves the files below <c>wwwroot</c>, and <c>index.html</c> for the root, with strict headers.</summary>
    /// <returns>The same application.</returns>
    public static WebApplication UsePages(this WebApplication app)
    {
        app.UseDefaultFiles();
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = file => AddHeaders(file.Context.Response.Headers) });
        return app;
    }

    private static void AddHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";

        // Files keep their names from version to version: browsers ask each time, and get 304 by the ETag.
        headers[HeaderNames.CacheControl] = "no-cache";
    }
}
