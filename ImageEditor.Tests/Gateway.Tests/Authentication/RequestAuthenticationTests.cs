using ImageEditor.Gateway.Authentication;
using Microsoft.AspNetCore.Http;

namespace ImageEditor.Gateway.Tests.Authentication;

public sealed class RequestAuthenticationTests
{
    [Theory]
    [InlineData("X-Authenticated-User")]
    [InlineData("x-authenticated-user")]
    [InlineData("X_Authenticated_User")]
    [InlineData("x-AUTHENTICATED_session")]
    [InlineData("X-Internal-Key")]
    [InlineData("x_internal_key")]
    [InlineData("X-Internal-Anything")]
    public void RemoveReservedHeaders_ReservedHeader_IsRemoved(string name)
    {
        var headers = new HeaderDictionary { [name] = "somebody" };

        RequestAuthentication.RemoveReservedHeaders(headers);

        Assert.Empty(headers);
    }

    [Theory]
    [InlineData("Authorization")]
    [InlineData("X-Forwarded-For")]
    [InlineData("X-Authenticate")]
    [InlineData("Idempotency-Key")]
    public void RemoveReservedHeaders_OtherHeader_Stays(string name)
    {
        var headers = new HeaderDictionary { [name] = "value" };

        RequestAuthentication.RemoveReservedHeaders(headers);

        Assert.Equal("value", headers[name]);
    }
}
