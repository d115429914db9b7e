namespace ImageEditor.WebFrontend.Pages;

/// <summary>The web app, as static files.</summary>
public static class PagesExtensions
{
    /// <summary>Serves the files below <c>wwwroot</c>, and the app's page for each of its routes, with strict headers.</summary>
    /// <returns>The same application.</returns>
    public static WebApplication UsePages(this WebApplication app)
    {
        app.UsePageHeaders();
        app.UseClientRoutes();
        app.UsePrecompressedFiles();
        app.UseStaticFiles(new StaticFileOptions
        {
            ContentTypeProvider = PrecompressedFiles.ContentTypes,
            OnPrepareResponse = file =>
            {
                PrecompressedFiles.Describe(file.Context);
                ClientRoutes.Describe(file.Context);
            },
        });
        return app;
    }
}
