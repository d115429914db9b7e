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

    private static readonly Problem Refusal =
        ProblemTypes.Unauthorized.Create("This service answers only the installation's own services; call the Gateway instead.");

    /// <summary>Reads the secret from the configuration.</summary>
    /// <exception cref="InvalidOperationException">It is not set.</exception>
    public static string GetRequired(IConfiguration configuration) =>
        configuration[Setting] is { Length: > 0 } key
            ? key
            : throw new InvalidOperationException(
                $"The setting '{Setting}' is missing. The AppHost sets it for the Gateway and the core services. "
                + "Set the same value for each of them.");

    /// <summary>Refuses (401) every request without the secret, but for health and the OpenAPI documents.</summary>
    /// <returns>The same application.</returns>
    /// <exception cref="InvalidOperationException">The secret is not configured.</exception>
    public static WebApplication UseInternalKey(this WebApplication app)
    {
        // Hashes have the same length, so the time of the comparison does not depend on the length of the secret.
        var expected = Hash(GetRequired(app.Configuration));
        app.Use((context, next) =>
            IsOpen(context.Request.Path) || IsKey(context.Request, expected) ? next(context) : Refusal.ExecuteAsync(context));
        return app;
    }

    private static bool IsKey(HttpRequest request, byte[] expected) =>
        CryptographicOperations.FixedTimeEquals(expected, Hash(request.Headers[ServiceHeaders.InternalKey].ToString()));

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static bool IsOpen(PathString path) =>
        path == "/health" || path == "/alive" || path.StartsWithSegments("/openapi", StringComparison.Ordinal);
}
