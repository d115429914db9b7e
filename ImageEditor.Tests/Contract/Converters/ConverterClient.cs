using System.Net;
using System.Text.Json.Nodes;

namespace ImageEditor.Tests.Contract.Converters;

/// <summary>Calls one converter.</summary>
internal sealed class ConverterClient(Uri address) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };

    public async Task<bool> IsHealthyAsync()
    {
        try
        {
            using var response = await _http.GetAsync("/health", TestContext.Current.CancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // Nobody listens yet.
            return false;
        }
    }

    public async Task<JsonObject> DescriptorAsync() =>
        JsonNode.Parse(await _http.GetStringAsync("/descriptor", TestContext.Current.CancellationToken))!.AsObject();

    /// <param name="image">The body.</param>
    /// <param name="query">Parameters, without the question mark.</param>
    public Task<Answer> ConvertAsync(byte[] image, string query = "") => ConvertAsync(new ByteArrayContent(image), query);

    /// <inheritdoc cref="ConvertAsync(byte[], string)"/>
    /// <param name="body">The image, or a form.</param>
    /// <param name="query">Parameters, without the question mark.</param>
    /// <param name="accept">The header <c>Accept</c>.</param>
    /// <param name="hangUp">Breaks the call off.</param>
    public async Task<Answer> ConvertAsync(HttpContent body, string query = "", string accept = "image/*", CancellationToken hangUp = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/convert" + (query.Length > 0 ? "?" + query : ""))
        {
            Content = body,
            Headers = { { "Accept", accept } },
        };
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(hangUp, TestContext.Current.CancellationToken);
        using var response = await _http.SendAsync(request, linked.Token);
        return await Answer.FromAsync(response, linked.Token);
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
}
