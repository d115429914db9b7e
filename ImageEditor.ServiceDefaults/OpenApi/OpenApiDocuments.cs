using Microsoft.Extensions.DependencyInjection;

namespace ImageEditor.ServiceDefaults.OpenApi;

internal static class OpenApiDocuments
{
    /// <summary>Routes that the Gateway serves to the outside start so.</summary>
    private const string PublicPrefix = "api/";

    /// <summary>Two documents per service: <c>public</c> is what the Gateway serves, <c>internal</c> what other services call.</summary>
    public static void AddOpenApiDocuments(this IServiceCollection services)
    {
        services.AddOpenApi("public", options =>
        {
            options.ShouldInclude = description => IsPublic(description.RelativePath);

            // The address that a service sees is its own, behind the Gateway; callers use the page's own origin.
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Servers = [];
                return Task.CompletedTask;
            });
        });
        services.AddOpenApi("internal", options => options.ShouldInclude = description => !IsPublic(description.RelativePath));
    }

    /// <summary>A document of the calls below a path alone, for one part of a service.</summary>
    public static void AddOpenApiDocumentOf(this IServiceCollection services, string part) => services.AddOpenApi(
        part, options => options.ShouldInclude = description => IsBelow(description.RelativePath, part + "/"));

    private static bool IsBelow(string? path, string prefix) => path is not null && path.StartsWith(prefix, StringComparison.Ordinal);

    private static bool IsPublic(string? path) => IsBelow(path, PublicPrefix);
}
