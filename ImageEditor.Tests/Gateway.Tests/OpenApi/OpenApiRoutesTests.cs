using ImageEditor.Gateway.Authentication;
using ImageEditor.Gateway.OpenApi;

namespace ImageEditor.Gateway.Tests.OpenApi;

public sealed class OpenApiRoutesTests
{
    [Fact]
    public void Create_AService_LeadsToItsDescriptionWithoutReadingTokens()
    {
        var route = Assert.Single(OpenApiRoutes.Create([new DocumentedService { Name = "job-manager", Title = "Jobs" }]));

        Assert.Equal(("openapi-job-manager", "job-manager"), (route.RouteId, route.ClusterId));
        Assert.Equal("/openapi/job-manager/{document}.json", route.Match.Path);
        Assert.Equal(["GET"], route.Match.Methods);
        Assert.Equal("/openapi/{document}.json", Assert.Single(route.Transforms!)["PathPattern"]);
        Assert.False(RouteMetadata.ReadsTokens(route));
    }
}
