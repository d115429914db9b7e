using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace ImageEditor.Converters.ContractTests.Driver;

/// <summary>The response of a converter.</summary>
internal sealed record ConverterResponse(
    HttpStatusCode Status, string? ContentType, TimeSpan? RetryAfter, string? ResultInfo, string? Original, byte[] Body)
{
    private const string ProblemPrefix = "urn:image-editor:problem:";

    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The media type without parameters.</summary>
    public string? MediaType => ContentType?.Split(';')[0];

    /// <summary>What a test may print: of a picture its size, since its bytes make the whole output a binary file.</summary>
    private string Readable => MediaType?.StartsWith("image/", StringComparison.Ordinal) == true ? $"{Body.Length} bytes of {MediaType}" : Text;

    public static async Task<ConverterResponse> FromAsync(HttpResponseMessage response, CancellationToken cancellationToken) => new(
        response.StatusCode,
        response.Content.Headers.ContentType?.ToString(),
        response.Headers.RetryAfter?.Delta,
        response.Headers.TryGetValues("X-Result-Info", out var info) ? string.Join(",", info) : null,
        response.Headers.TryGetValues("X-Original", out var original) ? string.Join(",", original) : null,
        await response.Content.ReadAsByteArrayAsync(cancellationToken));

    /// <summary>Asserts that this is a problem of a kind that says what to do.</summary>
    /// <returns>Its detail.</returns>
    public string MustBeProblem(HttpStatusCode status, string type)
    {
        Assert.True(Status == status, $"Expected {status}, got {Status}: {Readable}");
        Assert.Equal("application/problem+json", MediaType);
        var problem = JsonNode.Parse(Text)!;
        Assert.Equal(ProblemPrefix + type, (string?)problem["type"]);
        Assert.Equal((int)status, (int?)problem["status"]);
        Assert.False(string.IsNullOrWhiteSpace((string?)problem["title"]));
        var detail = (string?)problem["detail"];
        Assert.Matches(@"^\p{Lu}.*\S \S.*\.$", detail);
        return detail!;
    }
}
