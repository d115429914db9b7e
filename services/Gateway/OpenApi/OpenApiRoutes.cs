using ImageEditor.Gateway.Authentication;
using ImageEditor.Gateway.Limits;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms;

namespace ImageEditor.Gateway.OpenApi;

/// <summary>The routes to the OpenAPI descriptions of services.</summary>
internal static class OpenApiRoutes
{
    /// <summary>
    /// Creates a route per service: from <c>/openapi/{service}/{document}.json</c> to <c>/openapi/{document}.json</c> of the service.
    /// </summary>
    public static IReadOnlyList<RouteConfig> Create(IEnumerable<DocumentedService> services) => [.. services.Select(Create)];

    private static RouteConfig Create(DocumentedService service)
    {
        var route = new RouteConfig
        {
            RouteId = $"openapi-{service.Name}",
            ClusterId = service.Name,
            RateLimiterPolicy = RequestLimits.RequestsPolicy,
            Match = new RouteMatch { Path = $"/openapi/{service.Name}/{{document}}.json", Methods = [HttpMethods.Get] },
            Metadata = new Dictionary<string, string> { [RouteMetadata.Authentication] = RouteMetadata.None },
        };
        return route.WithTransformPathRouteValues("/openapi/{document}.json");
    }
}
