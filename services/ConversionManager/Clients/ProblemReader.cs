using System.Text.Json;
using ImageEditor.ConversionManager.Streams;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Mvc;

namespace ImageEditor.ConversionManager.Clients;

/// <summary>Reads the problems that other services answer with.</summary>
internal static class ProblemReader
{
    private const int MaxBytes = 64 << 10;

    /// <returns>The response's problem; null when it has none that can be read.</returns>
    public static async Task<ProblemDetails?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        response.Content.Headers.ContentType is { MediaType: Problem.MediaType }
            ? Parse(Problem.MediaType, await LimitedBodyReader.ReadAsync(response.Content, MaxBytes, cancellationToken))
            : null;

    /// <returns>The problem in a body; null when there is none that can be read.</returns>
    public static ProblemDetails? Parse(string? mediaType, ReadOnlyMemory<byte>? body)
    {
        if (mediaType != Problem.MediaType || body is not { } json)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<ProblemDetails>(json.Span, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            // A problem that cannot be read says nothing; the response's status still counts.
            return null;
        }
    }
}
