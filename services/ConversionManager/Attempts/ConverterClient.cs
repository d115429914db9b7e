using System.Net;
using System.Text.Json;
using ImageEditor.ConversionManager.Clients;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.ConversionManager.Leasing;
using ImageEditor.ConversionManager.Streams;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>Calls a converter, and checks that its result is a complete image.</summary>
internal sealed class ConverterClient(IHttpClientFactory clients, ConversionSlots slots, IOptions<AttemptOptions> options)
{
    /// <summary>
    /// A connection on which a body is due that is not sent is closed by the HTTP client, which sends bodies that are no larger all the same.
    /// </summary>
    private const int SmallBody = 1024;

    /// <param name="converter">The converter.</param>
    /// <param name="claim">The attempt.</param>
    /// <param name="input">The attempt's input.</param>
    /// <param name="wasFull">
    /// Whether the converter had no slot free at the last try. Then the input is sent only once the converter asks for it, and a connection on
    /// which it does not is not used again, so that the next try may reach another replica.
    /// </param>
    /// <param name="progress">Is told what the converter tells.</param>
    /// <param name="previews">Is given the converter's previews.</param>
    /// <param name="cancellationToken">Aborts the call.</param>
    /// <returns>The image, or how the try failed.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled; the call was aborted.</exception>
    public async Task<ConversionOutcome> ConvertAsync(
        Converter converter,
        AttemptClaim claim,
        InputContent input,
        bool wasFull,
        AttemptProgress progress,
        PreviewSender previews,
        CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, CreateAddress(converter, claim)) { Content = input };
            request.Headers.Accept.ParseAdd("multipart/mixed");
            request.Headers.Accept.ParseAdd("image/*");
            if (wasFull)
            {
                request.Headers.ExpectContinue = true;
                request.Headers.ConnectionClose = claim.Length <= SmallBody;
            }

            using var client = clients.CreateClient(ConverterCatalog.HttpClientName);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return await ReadAsync(converter, response, progress, previews, cancellationToken);
        }
        catch (Exception exception) when (
            exception is HttpRequestException or IOException
            || ((input.IsFaulted || input.IsLeaseLost) && exception is not OperationCanceledException))
        {
            if (input.IsLeaseLost)
            {
                return ConversionOutcome.LeaseLost;
            }

            if (input.IsFaulted)
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
        Converter converter,
        HttpResponseMessage response,
        AttemptProgress progress,
        PreviewSender previews,
        CancellationToken cancellationToken)
    {
        if (!IsPutOff(response.StatusCode))
        {
            slots.Learn(converter, isFull: false);
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            var problem = await ProblemReader.ReadAsync(response, cancellationToken);
            var failure = JobFailures.FromResponse(response.StatusCode, problem, response.Headers.RetryAfter?.Delta);
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable || problem?.Type != ProblemTypes.Full.Uri)
            {
                return ConversionOutcome.Failed(failure);
            }

            slots.Learn(converter, isFull: true);
            return ConversionOutcome.Full(failure);
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

    /// <summary>Whether a status says nothing of the input, and perhaps nothing of slots.</summary>
    private static bool IsPutOff(HttpStatusCode status) =>
        status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout;

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
