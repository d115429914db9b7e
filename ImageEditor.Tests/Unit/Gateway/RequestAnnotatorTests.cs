using ImageEditor.Gateway.Annotation;
using Microsoft.AspNetCore.Http;

namespace ImageEditor.Tests.Unit.Gateway;

public sealed class RequestAnnotatorTests
{
    [Theory]
    [InlineData("X-Authenticated-User")]
    [InlineData("x-authenticated-user")]
    [InlineData("X_Authenticated_User")]
    [InlineData("x-AUTHENTICATED_session")]
    [InlineData("X-Internal-Key")]
    [InlineData("x_internal_key")]
    [InlineData("X-Internal-Anything")]
    public void Strip_WhatOnlyTheGatewayMaySay_IsTakenOff(string name)
    {
        var headers = new HeaderDictionary { [name] = "somebody" };

        RequestAnnotator.Strip(headers);

        Assert.Empty(headers);
    }

    [Theory]
    [InlineData("Authorization")]
    [InlineData("X-Forwarded-For")]
    [InlineData("X-Authenticate")]
    [InlineData("Idempotency-Key")]
    public void Strip_WhatCallersMaySay_Stays(string name)
    {
        var headers = new HeaderDictionary { [name] = "value" };

        RequestAnnotator.Strip(headers);

        Assert.Equal("value", headers[name]);
    }
}
