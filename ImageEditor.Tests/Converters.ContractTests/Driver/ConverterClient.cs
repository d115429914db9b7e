using System.Net;
using System.Text.Json.Nodes;

namespace ImageEditor.Converters.ContractTests.Driver;

/// <summary>Calls one converter.</summary>
/// <param name="address">Where it listens, with the path that its routes begin with and a slash at the end.</param>
/// <param name="defaults">Parameters, without the question mark, that go with each conversion whose query does not name them.</param>
internal sealed class ConverterClient(Uri address, string defaults = "") : IDisposable
{
    /// <summary>
    /// Bytes; a larger body is sent only when the converter wants it, since a converter that refuses it aborts the sending.
    /// </summary>
    private const int LargeBody = 1 << 20;

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromMinutes(2);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, Expect100ContinueTimeout = RequestTimeout })
    {
        BaseAddress = address,
        Timeout = RequestTimeout,
    };

    public async Task<bool> IsHealthyAsync()
    {
        try
        {
            using var response = await _http.GetAsync("/health", TestContext.Current.CancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // The process does not listen yet.
            return false;
        }
    }

    /// <summary>Whether the process answers at all.</summary>
    public async Task<bool> IsAliveAsync()
    {
        using var response = await _http.GetAsync("/alive", TestContext.Current.CancellationToken);
        return response.IsSuccessStatusCode;
    }

    public async Task<JsonObject> DescriptorAsync() =>
        JsonNode.Parse(await _http.GetStringAsync("descriptor", TestContext.Current.CancellationToken))!.AsObject();

    /// <summary>The routes in the OpenAPI document of the whole program.</summary>
    public Task<string[]> RoutesOfTheProgramAsync() => RoutesAsync("/openapi/internal.json");

    /// <summary>The routes in the OpenAPI document of this converter.</summary>
    public Task<string[]> RoutesAsync() => RoutesAsync("openapi/internal.json");

    /// <param name="image">The body.</param>
    /// <param name="query">Parameters, without the question mark.</param>
    public Task<ConverterResponse> ConvertAsync(byte[] image, string query = "") => ConvertAsync(new ByteArrayContent(image), query);

    /// <param name="body">The image, or a form.</param>
    /// <param name="query">Parameters, without the question mark.</param>
    /// <param name="accept">The header <c>Accept</c>.</param>
    public Task<ConverterResponse> ConvertAsync(HttpContent body, string query = "", string accept = "image/*") =>
        SendAsync(body, query, accept, TestContext.Current.CancellationToken);

    /// <summary>The same, with a token that aborts the request.</summary>
    public async Task<ConverterResponse> ConvertUntilAsync(HttpContent body, string query, CancellationToken abort)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(abort, TestContext.Current.CancellationToken);
        return await SendAsync(body, query, "image/*", linked.Token);
    }

    /// <summary>The parts of a multipart response, as they come.</summary>
    public async IAsyncEnumerable<MultipartPart> PartsAsync(byte[] image)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "convert")
        {
            Content = new ByteArrayContent(image),
            Headers = { { "Accept", "multipart/mixed" } },
        };
        using var response = await _http.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await foreach (var part in MultipartPart.ReadAsync(response.Content.Headers.ContentType!, stream))
        {
            yield return part;
        }
    }

    /// <summary>Converts a picture that must work.</summary>
    /// <returns>The result's file.</returns>
    public async Task<byte[]> ConvertedAsync(byte[] image, string query = "")
    {
        var answer = await ConvertAsync(image, query);
        Assert.True(answer.Status == HttpStatusCode.OK, $"{answer.Status}: {answer.Text}");
        return answer.Body;
    }

    public void Dispose() => _http.Dispose();

    private async Task<string[]> RoutesAsync(string document)
    {
        var text = await _http.GetStringAsync(document, TestContext.Current.CancellationToken);
        return [.. JsonNode.Parse(text)!["paths"]!.AsObject().Select(path => path.Key)];
    }

    private async Task<ConverterResponse> SendAsync(HttpContent body, string query, string accept, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "convert?" + Completed(query))
        {
            Content = body,
            Headers = { { "Accept", accept } },
        };
        request.Headers.ExpectContinue = body.Headers.ContentLength > LargeBody;
        using var response = await _http.SendAsync(request, cancellationToken);
        return await ConverterResponse.FromAsync(response, cancellationToken);
    }

    private string Completed(string query)
    {
        var given = query.Split('&', StringSplitOptions.RemoveEmptyEntries);
        var missing = defaults.Split('&', StringSplitOptions.RemoveEmptyEntries).ExceptBy(given.Select(NameOf), NameOf);
        return string.Join('&', given.Concat(missing));
    }

    private static string NameOf(string parameter) => parameter.Split('=')[0];
}
