using System.Net;
using System.Net.Sockets;
using System.Text;
using ImageEditor.SystemTests.Support;
using ImageEditor.Testing.Systems;

namespace ImageEditor.SystemTests;

/// <summary>Headers that are not ASCII, most of them none of this system's: they are served, whatever bytes they have.</summary>
[Collection(nameof(RunningApp))]
public sealed class HeaderTests(RunningApp running)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>Zoë in UTF-8 and in Latin-1; UTF-8 that is cut off; bytes that are neither.</summary>
    private static readonly string[] Names = ["Zo\u00c3\u00ab", "Zo\u00eb", "Zo\u00c3", "\u0080\u00ff\u00fe"];

    private static readonly string[] Foreign =
    [
        "Cookie: name=", "User-Agent: ", "Referer: http://localhost/", "Accept-Language: ", "X-Somebodys: ", "baggage: name=",
    ];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> EachName => [.. Names];

    [Theory]
    [MemberData(nameof(EachName))]
    public async Task Call_WithForeignHeaders_IsServed(string name)
    {
        var headers = string.Concat(Foreign.Select(header => $"{header}{name}\r\n"));

        Assert.Equal(200, await StatusAsync("gateway", "GET /", headers));
        Assert.Equal(200, await StatusAsync("gateway", "GET /api/converters", headers));
        Assert.Equal(404, await StatusAsync("gateway", "GET /api/jobs/nonsense", headers));
        Assert.Equal(401, await StatusAsync("gateway", "GET /api/gallery", headers));
        var email = $"{Guid.NewGuid():N}@example.org";
        var credentials = $$"""{ "email": "{{email}}", "password": "{{Account.Password}}" }""";
        Assert.Equal(200, await StatusAsync("gateway", "POST /api/auth/register", headers, "application/json", credentials));
        Assert.Equal(200, await StatusAsync("gateway", "POST /api/auth/login", headers, "application/json", credentials));
        Assert.Equal(
            401,
            await StatusAsync(
                "gateway", "POST /api/auth/login", headers, "application/json", """{ "email": "a@example.org", "password": "wrong" }"""));
    }

    /// <summary>A browser sends the cookies of every program on localhost in one header.</summary>
    [Theory]
    [MemberData(nameof(EachName))]
    public async Task SignedIn_BesideAForeignCookie_StaysSignedIn(string name)
    {
        var origin = $"Origin: {running.App.AddressOf("gateway", "http").GetLeftPart(UriPartial.Authority)}\r\n";
        var credentials = $$"""{ "email": "{{Guid.NewGuid():N}}@example.org", "password": "{{Account.Password}}", "cookies": true }""";
        var signedUp = await SendAsync(
            "gateway", "POST /api/auth/register", $"{origin}Cookie: name={name}\r\n", "application/json", credentials);
        var cookies = signedUp.Split("\r\n").Where(line => line.StartsWith("Set-Cookie: ", StringComparison.OrdinalIgnoreCase))
            .Select(line => line["Set-Cookie: ".Length..].Split(';')[0]).ToList();
        Assert.Equal(2, cookies.Count);
        var own = string.Join("; ", cookies);
        Assert.Equal(200, await StatusAsync("gateway", "GET /api/auth/me", $"Cookie: name={name}; {own}\r\n"));
        Assert.Equal(200, await StatusAsync("gateway", "GET /api/auth/me", $"Cookie: {own}; name={name}\r\n"));
        Assert.Equal(
            200,
            await StatusAsync(
                "gateway", "POST /api/auth/refresh", $"{origin}Cookie: name={name}; {own}; other={name}\r\n", "application/json", "{}"));
    }

    [Theory]
    [MemberData(nameof(EachName))]
    public async Task Submit_WithAKeyAndATrace_IsOneJobThatIsConverted(string name)
    {
        var picture = Encoding.Latin1.GetString(Pictures.Png(8, 8));
        var headers = $"Idempotency-Key: {Guid.NewGuid():N}-{name}\r\n"
            + $"traceparent: 00-{Guid.NewGuid():N}-00f067aa0ba902b7-01\r\ntracestate: vendor={name}\r\n"
            + $"baggage: name={name}\r\nUser-Agent: {name}\r\n";
        var first = await SendAsync("gateway", "POST /api/conversions?converter=grayscale", headers, $"image/png; name={name}", picture);
        var second = await SendAsync("gateway", "POST /api/conversions?converter=grayscale", headers, "image/png", picture);
        Assert.Equal((202, 202), (StatusOf(first), StatusOf(second)));
        Assert.Equal(JobIdOf(first), JobIdOf(second));
        Assert.Equal(HttpStatusCode.OK, (await running.Client.WaitForEndAsync(JobIdOf(first), Cancelled)).Status);
    }

    [Theory]
    [MemberData(nameof(EachName))]
    public async Task Submit_AFileOfThisName_IsConverted(string name)
    {
        var form = $"--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"{name}.png\"\r\nContent-Type: image/png\r\n\r\n"
            + $"{Encoding.Latin1.GetString(Pictures.Png(8, 8))}\r\n--b--\r\n";
        var answer = await SendAsync("gateway", "POST /api/conversions?converter=grayscale", "", "multipart/form-data; boundary=b", form);
        Assert.Equal(202, StatusOf(answer));
        Assert.Equal(HttpStatusCode.OK, (await running.Client.WaitForEndAsync(JobIdOf(answer), Cancelled)).Status);
    }

    /// <summary>What is ours and has no such value is refused once, with a reason.</summary>
    [Theory]
    [MemberData(nameof(EachName))]
    public async Task OwnHeader_ThatCannotBeSo_IsRefusedWithAReason(string name)
    {
        Assert.Equal(401, await StatusAsync("gateway", "GET /api/gallery", $"Authorization: Bearer {name}\r\n"));
        Assert.Equal(
            415,
            await StatusAsync(
                "gateway", "POST /api/conversions?converter=grayscale", "", $"multipart/form-data; boundary={name}", "nothing"));
        Assert.Equal(
            200,
            await StatusAsync(
                "gateway",
                "GET /api/converters",
                $"X-Authenticated-User: {name}\r\nX-Internal-Key: {name}\r\nX-Internal-Scheme: {name}\r\n"));
    }

    [Theory]
    [InlineData("contrast")]
    [InlineData("pixelate")]
    [InlineData("style-transfer")]
    public async Task Converter_CalledDirectly_Converts(string converter)
    {
        foreach (var name in Names)
        {
            var headers = string.Concat(Foreign.Select(header => $"{header}{name}\r\n"))
                + $"traceparent: 00-{Guid.NewGuid():N}-00f067aa0ba902b7-01\r\ntracestate: vendor={name}\r\n";
            var answer = await SendAsync(converter, "POST /convert", headers, "image/png", Encoding.Latin1.GetString(Pictures.Png(8, 8)));
            Assert.Equal(200, StatusOf(answer));
        }
    }

    /// <summary>A user agent over HTTP/2, whose headers are read by other code.</summary>
    [Theory]
    [MemberData(nameof(EachName))]
    public async Task Call_OverHttp2_IsServed(string name)
    {
        using var http = new HttpClient(new SocketsHttpHandler
        {
            UseCookies = false,
            RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
            SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=localhost" },
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(running.App.AddressOf("gateway", "https"), "/api/converters"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        foreach (var header in Foreign)
        {
            var (field, start) = header.Split(": ", 2) is [var left, var right] ? (left, right) : throw new InvalidOperationException();
            Assert.True(request.Headers.TryAddWithoutValidation(field, start + name));
        }

        using var response = await http.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task<int> StatusAsync(string resource, string call, string headers, string? type = null, string? body = null) =>
        StatusOf(await SendAsync(resource, call, headers, type, body));

    /// <summary>Sends one call as bytes, each character one byte, since HTTP clients refuse such headers.</summary>
    /// <returns>The answer, each byte one character.</returns>
    private async Task<string> SendAsync(string resource, string call, string headers, string? type = null, string? body = null)
    {
        var address = running.App.AddressOf(resource, "http");
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        timeout.CancelAfter(Timeout);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, timeout.Token);
        await using var stream = client.GetStream();
        var content = body is null ? "" : $"Content-Type: {type}\r\nContent-Length: {body.Length}\r\n";
        await stream.WriteAsync(
            Encoding.Latin1.GetBytes($"{call} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\n{headers}{content}\r\n{body}"),
            timeout.Token);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(timeout.Token);
    }

    private static int StatusOf(string answer) => int.Parse(answer.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);

    private static string JobIdOf(string answer) => answer.Split("\"jobId\":\"")[1].Split('"')[0];
}
