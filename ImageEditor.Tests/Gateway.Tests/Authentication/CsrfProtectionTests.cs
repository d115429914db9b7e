using ImageEditor.Gateway.Authentication;
using Microsoft.AspNetCore.Http;

namespace ImageEditor.Gateway.Tests.Authentication;

public sealed class CsrfProtectionTests
{
    private const string Own = "https://editor.example.org";

    [Theory]
    [InlineData("POST", "/api/conversions", "__Host-access=t", Own, true)]
    [InlineData("POST", "/api/conversions", "__Host-access=t", "https://EDITOR.example.org", true)]
    [InlineData("POST", "/api/conversions", "__Host-access=t", "https://other.example.org", false)]
    [InlineData("POST", "/api/conversions", "__Host-access=t", "http://editor.example.org", false)]
    [InlineData("POST", "/api/conversions", "__Host-access=t", "https://editor.example.org:8443", false)]
    [InlineData("POST", "/api/conversions", "__Host-access=t", "null", false)]
    [InlineData("POST", "/api/conversions", "__Host-access=t", "", false)]
    [InlineData("DELETE", "/api/gallery/x", "__Host-access=t", "https://other.example.org", false)]
    [InlineData("GET", "/api/gallery", "__Host-access=t", "https://other.example.org", true)]
    [InlineData("POST", "/api/auth/refresh", "__Secure-refresh=t", "https://other.example.org", false)]
    [InlineData("POST", "/api/auth/refresh", "__Secure-refresh=t", "", false)]
    [InlineData("POST", "/api/auth/login", "", "https://other.example.org", false)]
    [InlineData("POST", "/api/auth/register", "", "https://other.example.org", false)]
    [InlineData("POST", "/API/auth/login", "", "https://other.example.org", false)]
    [InlineData("POST", "/api/auth/login", "", Own, true)]
    [InlineData("POST", "/api/auth/login", "", "", true)]
    [InlineData("POST", "/api/conversions", "", "https://other.example.org", true)]
    [InlineData("POST", "/api/conversions", "access=t", "https://other.example.org", true)]
    public void Allows_UnsafeRequestOfABrowser_OnlyFromItsOwnPages(
        string method, string path, string cookie, string origin, bool allowed) =>
        Assert.Equal(allowed, CsrfProtection.Allows(Request("https", method, path, cookie, origin), []));

    [Fact]
    public void Allows_PlainHttp_LooksAtTheCookiesWithoutPrefix() =>
        Assert.False(CsrfProtection.Allows(Request("http", "POST", "/api/conversions", "access=t", "https://other.example.org"), []));

    [Fact]
    public void Allows_ConfiguredOrigin_IsAllowed() =>
        Assert.True(
            CsrfProtection.Allows(
                Request("https", "POST", "/api/conversions", "__Host-access=t", "https://pictures.example.org"),
                ["https://pictures.example.org"]));

    private static HttpRequest Request(string scheme, string method, string path, string cookie, string origin)
    {
        var request = new DefaultHttpContext().Request;
        request.Scheme = scheme;
        request.Host = new HostString("editor.example.org");
        request.Method = method;
        request.Path = path;
        request.Headers.Cookie = cookie;
        request.Headers.Origin = origin;
        return request;
    }
}
