using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text.Json;
using ImageEditor.ConversionManager.Leasing;
using ImageEditor.ConversionManager.Streams;
using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.AspNetCore.WebUtilities;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>The part that a converter's response ends with: an image or a problem.</summary>
/// <param name="MediaType">What it says it is.</param>
/// <param name="ResultInfo">What the converter found, if it says so.</param>
/// <param name="Original">What the first step's input was, if the converter says so.</param>
/// <param name="Body">Its bytes; null when there are too many.</param>
internal sealed record FinalPart<TBody>(string? MediaType, string? ResultInfo, string? Original, TBody Body);

/// <summary>Reads a <c>multipart/mixed</c> response: progress and previews as they come, and last the image or a problem.</summary>
internal static class MultipartMixedReader
{
    private const int MaxProgressBytes = 4096;

    /// <param name="response">The response.</param>
    /// <param name="type">Its media type, with the boundary.</param>
    /// <param name="read">Reads a picture's bytes; null when there are too many. The last one is the caller's to dispose of.</param>
    /// <param name="progress">Where progress goes.</param>
    /// <param name="preview">Where previews go.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="IOException">The response is cut short, or ends without an image or a problem.</exception>
    public static async Task<FinalPart<TBody>> ReadAsync<TBody>(
        HttpResponseMessage response, MediaTypeHeaderValue type, Func<Stream, Task<TBody>> read, AttemptProgress progress,
        Action<TBody> preview, CancellationToken cancellationToken)
    {
        var boundary = type.Parameters.FirstOrDefault(parameter => parameter.Name == "boundary")?.Value?.Trim('"')
            ?? throw new InvalidDataException("A multipart answer needs a boundary.");
        var reader = new MultipartReader(boundary, await response.Content.ReadAsStreamAsync(cancellationToken));
        FinalPart<TBody>? last = null;
        try
        {
            var next = reader.ReadNextSectionAsync(cancellationToken);
            while (await next is { } section)
            {
                var mediaType = MediaTypeHeaderValue.TryParse(section.ContentType, out var parsed) ? parsed.MediaType : null;
                if (mediaType == MediaTypeNames.Application.Json)
                {
                    Report(await LimitedBodyReader.ReadAsync(section.Body, length: null, MaxProgressBytes, cancellationToken), progress);
                    next = reader.ReadNextSectionAsync(cancellationToken);
                    continue;
                }

                Dispose(last);
                last = null;
                var body = await read(section.Body);
                last = new FinalPart<TBody>(
                    mediaType, Header(section, ServiceHeaders.ResultInfo), Header(section, ServiceHeaders.Original), body);
                if (body is null)
                {
                    return last;
                }

                // An image that another part follows is a preview. So is one whose successor has not come yet:
                // if it is the result after all, the job ends before the preview is sent.
                next = reader.ReadNextSectionAsync(cancellationToken);
                if (!next.IsCompleted || (next.IsCompletedSuccessfully && next.Result is not null))
                {
                    preview(body);
                }
            }
        }
        catch
        {
            Dispose(last);
            throw;
        }

        return last ?? throw new IOException("The converter's answer ended without a result.");
    }

    private static string? Header(MultipartSection section, string name) =>
        section.Headers?.TryGetValue(name, out var values) == true ? values.ToString() : null;

    private static void Dispose<TBody>(FinalPart<TBody>? part)
    {
        if (part is { Body: IDisposable body })
        {
            body.Dispose();
        }
    }

    private static void Report(ReadOnlyMemory<byte>? json, AttemptProgress progress)
    {
        if (json is null)
        {
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(json.Value);
            if (document.RootElement.TryGetProperty("progress", out var value) && value.TryGetDouble(out var number))
            {
                progress.Report(number);
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Progress is optional; a converter that garbles it may still send its result.
        }
    }
}
