namespace ImageEditor.WebFrontend.StaticFiles;

/// <summary>The web app, as static files.</summary>
internal static class StaticFilesExtensions
{
    /// <summary>Serves the files below <c>wwwroot</c>, and the app's page for each of its routes, with strict headers.</summary>
    /// <returns>The same application.</returns>
    public static WebApplication UseWebApp(this WebApplication app)
    {
        app.UseResponseHeaders();
        app.UseClientRoutes();
        app.UsePrecompressedFiles();
        app.UseStaticFiles(new StaticFileOptions
        {
            ContentTypeProvider = PrecompressedFiles.ContentTypes,
            OnPrepareResponse = file =>
            {
                PrecompressedFiles.SetHeaders(file.Context);
                ClientRoutes.SetStatus(file.Context);
            },
        });
        return app;
    }
}
