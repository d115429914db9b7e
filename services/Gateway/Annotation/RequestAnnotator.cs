namespace ImageEditor.Gateway.Annotation;

/// <summary>
/// What services believe about a request comes from here alone: headers by which a caller could pretend to be somebody, or to be
/// one of the installation's services, are taken off.
/// </summary>
internal static class RequestAnnotator
{
    private static readonly string[] Reserved = ["X-Authenticated-", "X-Internal-"];

    public static WebApplication UseRequestAnnotator(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            Strip(context.Request.Headers);
            return next(context);
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

    // Servers behind may fold underscores into hyphens (CGI's habit), so both spellings are one name here.
    private static bool IsReserved(string name)
    {
        var folded = name.Replace('_', '-');
        return Array.Exists(Reserved, prefix => folded.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
    }
}
