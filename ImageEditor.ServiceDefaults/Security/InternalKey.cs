using System.Security.Cryptography;
using System.Text;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace ImageEditor.ServiceDefaults.Security;

/// <summary>The installation's secret: core services answer only those who know it.</summary>
public static class InternalKey
{
    /// <summary>The setting that holds the secret.</summary>
    internal const string Setting = "InternalKey";

    /// <summary>Reads the secret from the configuration.</summary>
    /// <exception cref="InvalidOperationException">It is not set.</exception>
    public static string GetRequired(IConfiguration configuration) =>
        configuration[Setting] is { Length: > 0 } key
            ? key
            : throw new InvalidOperationException($"The setting '{Setting}' is missing. The AppHost hands it to the Gateway and the core services; set the same value for each of them.");

    /// <summary>Refuses (401) every request without the secret, but for health and the OpenAPI documents.</summary>
    /// <returns>The same application.</returns>
    /// <exception cref="InvalidOperationException">The secret is not configured.</exception>
    public static WebApplication UseInternalKey(this WebApplication app)
    {
        // Hashes have one length, so the comparison's time tells nothing of the secret's.
        var expected = Hash(GetRequired(app.Configuration));
        app.Use((context, next) =>
            IsOpen(context.Request.Path) || CryptographicOperations.FixedTimeEquals(expected, Hash(context.Request.Headers[ServiceHeaders.InternalKey].ToString()))
                ? next(context)
                : ProblemTypes.Unauthorized.Create("This service answers only the installation's own services; call the Gateway instead.").ExecuteAsync(context));
        return app;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static bool IsOpen(PathString path) =>
        path == "/health" || path == "/alive" || path.StartsWithSegments("/openapi", StringComparison.Ordinal);
}
