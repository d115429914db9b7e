using System.Net;
using System.Net.Http.Json;
using ImageEditor.SystemTests.Support;
using ImageEditor.Testing.Systems;

namespace ImageEditor.SystemTests.Accounts;

/// <summary>Signing in as browsers do: by cookies, over https and over http.</summary>
[Collection(nameof(RunningApp))]
public sealed class BrowserTests(RunningApp running)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https", "__Host-access", "__Secure-refresh", true)]
    [InlineData("http", "access", "refresh", false)]
    public async Task Register_WithCookies_SetsCookiesThatScriptsAndOtherSitesCannotUse(
        string scheme, string access, string refresh, bool secure)
    {
        using var browser = Browser(scheme);
        using var response = await SignUpAsync(browser);

        Assert.DoesNotContain("Token", await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        AssertCookie(response, access, "/", secure);
        AssertCookie(response, refresh, "/api/auth", secure);
        Assert.Equal(HttpStatusCode.OK, await browser.GetStatusAsync("/api/gallery"));
    }

    [Theory]
    [InlineData("https")]
    [InlineData("http")]
    public async Task Refresh_ByCookie_GoesOn(string scheme)
    {
        using var browser = Browser(scheme);
        using var signedUp = await SignUpAsync(browser);
        using var refreshed = await browser.PostAsync("/api/auth/refresh", new { });
        Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await browser.GetStatusAsync("/api/gallery"));
    }

    [Fact]
    public async Task Logout_ByCookie_ForgetsBoth()
    {
        using var browser = Browser("https");
        using var signedUp = await SignUpAsync(browser);
        using var left = await browser.PostAsync("/api/auth/logout", new { });
        Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
        Assert.Equal(0, browser.Cookies.Count);
    }

    [Fact]
    public async Task Unsafe_FromAnotherSitesPage_IsForbidden()
    {
        using var browser = Browser("https");
        using var signedUp = await SignUpAsync(browser);
        foreach (var origin in new[] { "https://elsewhere.example.org", "null", null })
        {
            foreach (var path in new[]
            {
                "/api/conversions?converter=grayscale", "/api/auth/password", "/api/auth/logout", "/api/auth/refresh",
            })
            {
                using var response = await browser.PostAsync(path, new { }, origin);
                Problems.AssertProblem(await Answer.ReadAsync(response, Cancel), HttpStatusCode.Forbidden, "foreign-origin");
            }
        }
    }

    [Theory]
    [InlineData("/api/auth/login")]
    [InlineData("/api/auth/register")]
    public async Task SignIn_FromAnotherSitesPage_IsForbidden(string path)
    {
        using var browser = Browser("https");
        using var response = await browser.PostAsync(
            path, new { email = "ann@example.org", password = Account.Password }, "https://elsewhere.example.org");
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task StaleCookie_IsRefusedAndExpiredAndLocksNobodyOut()
    {
        using var browser = Browser("https");
        using var signedUp = await SignUpAsync(browser);
        browser.Cookies.Add(new Cookie("__Host-access", "stale", "/", browser.Address.Host) { Secure = true });

        // Pages, and what one needs to get back in, do not look at it.
        Assert.Equal(HttpStatusCode.OK, await browser.GetStatusAsync("/"));
        using var refused = await browser.Http.GetAsync(new Uri("/api/gallery", UriKind.Relative), Cancel);
        Problems.AssertProblem(await Answer.ReadAsync(refused, Cancel), HttpStatusCode.Unauthorized, "invalid-token");
        Assert.DoesNotContain(browser.Cookies.GetAllCookies(), cookie => cookie.Name == "__Host-access");
        using var refreshed = await browser.PostAsync("/api/auth/refresh", new { });
        Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await browser.GetStatusAsync("/api/gallery"));
    }

    [Fact]
    public async Task PlainNamesOverHttps_MeanNothing()
    {
        using var browser = Browser("https");
        browser.Cookies.Add(new Cookie("access", "stale", "/", browser.Address.Host));
        Assert.Equal(HttpStatusCode.OK, await browser.GetStatusAsync("/api/converters"));
    }

    private TestBrowser Browser(string scheme) => new(running.App.AddressOf("gateway", scheme));

    private static Task<HttpResponseMessage> SignUpAsync(TestBrowser browser) =>
        browser.PostAsync(
            "/api/auth/register", new { email = $"{Guid.NewGuid():N}@example.org", password = Account.Password, cookies = true });

    private static void AssertCookie(HttpResponseMessage response, string name, string path, bool secure)
    {
        var cookie = Assert.Single(
            response.Headers.GetValues("Set-Cookie"), value => value.StartsWith(name + "=", StringComparison.Ordinal));
        var attributes = cookie.Split("; ").Skip(1).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.Contains("httponly", attributes);
        Assert.Contains("samesite=strict", attributes);
        Assert.Contains("path=" + path, attributes);
        Assert.Equal(secure, attributes.Contains("secure"));
        Assert.DoesNotContain(attributes, attribute => attribute.StartsWith("domain", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Keeps cookies and names its origin, as browsers do.</summary>
    private sealed class TestBrowser : IDisposable
    {
        private const string OwnOrigin = "own";

        public TestBrowser(Uri address)
        {
            Address = address;
            Http = new HttpClient(new SocketsHttpHandler
            {
                CookieContainer = Cookies,
                // The development certificate is signed by nobody but itself.
                SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=localhost" },
            })
            {
                BaseAddress = address,
            };
        }

        public Uri Address { get; }

        public HttpClient Http { get; }

        public CookieContainer Cookies { get; } = new();

        public async Task<HttpStatusCode> GetStatusAsync(string path)
        {
            using var response = await Http.GetAsync(new Uri(path, UriKind.Relative), Cancel);
            return response.StatusCode;
        }

        public async Task<HttpResponseMessage> PostAsync(string path, object body, string? origin = OwnOrigin)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
            if (origin is not null)
            {
                request.Headers.Add("Origin", origin == OwnOrigin ? Address.GetLeftPart(UriPartial.Authority) : origin);
            }

            return await Http.SendAsync(request, Cancel);
        }

        public void Dispose() => Http.Dispose();
    }
}
