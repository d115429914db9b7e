using Scalar.AspNetCore;

namespace ImageEditor.Gateway.OpenApi;

/// <summary>The page at <c>/openapi</c> to browse and try the API of every service.</summary>
internal static class ApiReference
{
    /// <summary>Names of the installation's converters, separated by commas.</summary>
    private const string Converters = "OpenApi:Converters";

    private static readonly (string Title, string Document)[] Services =
    [
        ("Conversions", "conversion-manager/public"),
        ("Jobs", "job-manager/public"),
        ("Accounts", "auth-manager/public"),
        ("Gallery", "storage-manager/public"),
        ("Internal: conversion-manager", "conversion-manager/internal"),
        ("Internal: job-manager", "job-manager/internal"),
        ("Internal: auth-manager", "auth-manager/internal"),
        ("Internal: storage-manager", "storage-manager/internal"),
        ("Internal: web-frontend", "web-frontend/internal"),
        ("Internal: gateway", "gateway/internal"),
    ];

    public static WebApplication MapApiReference(this WebApplication app)
    {
        var converters = (app.Configuration[Converters] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        app.MapOpenApi("/openapi/gateway/{documentName}.json");
        app.MapScalarApiReference("/openapi", options =>
        {
            // What would talk to others than this installation is off.
            options.WithTitle("Image Editor API")
                .DisableDefaultFonts()
                .DisableTelemetry()
                .DisableAgent()
                .DisableMcp()
                .HideClientButton()
                .HideDeveloperTools();
            foreach (var (title, document) in Services.Concat(converters.Select(name => ($"Converter: {name}", $"converters/{name}"))))
            {
                options.AddDocument(document, title, $"/openapi/{document}.json");
            }
        });
        return app;
    }
}
