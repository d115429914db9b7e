using Microsoft.Net.Http.Headers;

namespace ImageEditor.WebFrontend.StaticFiles;

/// <summary>Headers that say what browsers may do with the app's files.</summary>
internal static class ResponseHeaders
{
    /// <summary>Vite puts a hash of the content into the name of every file here, so that a file never changes.</summary>
    private const string Hashed = "/assets";

    // blob: is for the pictures that the page has in memory: the chosen ones and the results.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void UseResponseHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        var isHashed = context.Request.Path.StartsWithSegments(Hashed, StringComparison.Ordinal);
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()";

            // A file that is not found must not be cached: during an update one replica may have a file that another does not have yet.
            if (context.Response.StatusCode
                is StatusCodes.Status200OK or StatusCodes.Status206PartialContent or StatusCodes.Status304NotModified)
            {
                headers[HeaderNames.CacheControl] = isHashed ? "public, max-age=31536000, immutable" : "no-cache";
            }

            return Task.CompletedTask;
        });
        return next(context);
    });
}
