using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ImageEditor.ConversionManager.Clients;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.ConversionManager.Leasing;
using ImageEditor.ConversionManager.Streams;
using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>Calls a converter, and checks that its result is a complete image.</summary>
internal sealed class ConverterClient(IHttpClientFactory clients, IOptions<AttemptOptions> options)
{
    /// <returns>The image, or how the try failed.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled; the call was aborted.</exception>
    public async Task<ConversionOutcome> ConvertAsync(
        Converter converter, AttemptClaim claim, HttpContent input, AttemptProgress progress, PreviewSender previews,
        CancellationToken cancellationToken)
    {
        var body = new SourceFaultStream(await input.ReadAsStreamAsync(cancellationToken));
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, CreateAddress(converter, claim));
            request.Content = new StreamContent(body);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(claim.ContentType);
            request.Content.Headers.ContentLength = claim.Length;
            request.Headers.Accept.ParseAdd("multipart/mixed");
            request.Headers.Accept.ParseAdd("image/*");
            using var client = clients.CreateClient(ConverterCatalog.HttpClientName);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return await ReadAsync(response, progress, previews, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            if (body.Faulted)
            {
                return ConversionOutcome.Failed(JobFailures.InputUnavailable);
            }

            if (HttpErrors.IsUnreachable(exception))
            {
                converter.MarkDown();
            }

            return ConversionOutcome.Failed(JobFailures.FromException(exception));
        }
        catch (InvalidDataException exception)
        {
            return ConversionOutcome.Failed(JobFailures.BadResult(exception.Message));
        }
    }

    private static Uri CreateAddress(Converter converter, AttemptClaim claim)
    {
        // A text is sent as it is; all else as in JSON.
        var query = QueryString.Create(claim.Parameters.EnumerateObject().Select(parameter => KeyValuePair.Create<string, string?>(
            parameter.Name,
            parameter.Value.ValueKind == JsonValueKind.String ? parameter.Value.GetString() : parameter.Value.GetRawText())));
        return new Uri(converter.Address, "convert" + query);
    }

    private async Task<ConversionOutcome> ReadAsync(
        HttpResponseMessage response, AttemptProgress progress, PreviewSender previews, CancellationToken cancellationToken)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            var problem = await ProblemReader.ReadAsync(response, cancellationToken);
            return ConversionOutcome.Failed(JobFailures.FromResponse(response.StatusCode, problem, response.Headers.RetryAfter?.Delta));
        }

        var maxBytes = options.Value.MaxResultBytes;
        var last = response.Content.Headers.ContentType is { MediaType: "multipart/mixed" } type
            ? await MultipartMixedReader.ReadAsync(response, type, maxBytes, progress, previews.Offer, cancellationToken)
            : new FinalPart(
                response.Content.Headers.ContentType?.MediaType,
                Header(response, ServiceHeaders.ResultInfo),
                await LimitedBodyReader.ReadAsync(response.Content, maxBytes, cancellationToken));
        if (last.Body is not { } bytes)
        {
            return ConversionOutcome.Failed(JobFailures.ResultTooLarge(maxBytes));
        }

        if (ProblemReader.Parse(last.MediaType, bytes) is { } late)
        {
            return ConversionOutcome.Failed(JobFailures.FromResponse((HttpStatusCode)(late.Status ?? 500), late, retryAfter: null));
        }

        if (last.ResultInfo is { } info && !ConvertedImage.IsResultInfo(info))
        {
            return ConversionOutcome.Failed(JobFailures.BadResult(
                $"its {ServiceHeaders.ResultInfo} has more than {ConvertedImage.MaxResultInfoLength} characters, "
                + "or others than printable ASCII."));
        }

        var inspection = ImageInspector.InspectComplete(bytes.Span);
        return inspection.IsAccepted
            ? ConversionOutcome.Converted(new ConvertedImage(ImageFile.Create(bytes, inspection.Info), last.ResultInfo))
            : ConversionOutcome.Failed(JobFailures.BadResult(inspection.Refusal.Detail));
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
