using ImageEditor.ServiceDefaults.Configuration;
using Microsoft.Extensions.Options;
using Scalar.AspNetCore;
using Yarp.ReverseProxy.Configuration;

namespace ImageEditor.Gateway.OpenApi;

/// <summary>The page at <c>/openapi</c> to browse and try the API of every service.</summary>
internal static class ApiReference
{
    public static void AddApiReference(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<ApiReferenceOptions>(ApiReferenceOptions.Section);

        // In addition to the routes of appsettings.json.
        builder.Services.AddSingleton<IProxyConfigProvider>(services => new InMemoryConfigProvider(
            OpenApiRoutes.Create(services.GetRequiredService<IOptions<ApiReferenceOptions>>().Value.Services), clusters: []));
    }

    public static WebApplication MapApiReference(this WebApplication app)
    {
        var documents = Documents(app.Services.GetRequiredService<IOptions<ApiReferenceOptions>>().Value);
        app.MapOpenApi("/openapi/gateway/{documentName}.json");
        app.MapScalarApiReference("/openapi", options =>
        {
            // The page makes no requests to anybody but this installation.
            options.WithTitle("Image Editor API")
                .DisableDefaultFonts()
                .DisableTelemetry()
                .DisableAgent()
                .DisableMcp()
                .HideClientButton()
                .HideDeveloperTools();
            foreach (var (title, path) in documents)
            {
                options.AddDocument(path, title, $"/openapi/{path}.json");
            }
        });
        return app;
    }

    private static IReadOnlyList<(string Title, string Path)> Documents(ApiReferenceOptions options)
    {
        var converters = options.Converters.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return
        [
            .. options.Services.Where(service => service.Title is not null).Select(service => (service.Title!, $"{service.Name}/public")),
            .. options.Services.Select(service => ($"Internal: {service.Name}", $"{service.Name}/internal")),
            ("Internal: gateway", "gateway/internal"),
            .. converters.Select(name => ($"Converter: {name}", $"converters/{name}")),
        ];
    }
}
