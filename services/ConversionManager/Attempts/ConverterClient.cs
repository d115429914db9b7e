using System.Net;
using System.Text.RegularExpressions;
using ImageEditor.ConversionManager.Clients;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.ConversionManager.ImageInspection.Containers;
using ImageEditor.ConversionManager.Leasing;
using ImageEditor.ConversionManager.Streams;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>Calls a converter, and checks that its result is a complete image.</summary>
internal sealed partial class ConverterClient(
    IHttpClientFactory clients, ConverterCatalog catalog, ConversionSlots slots, LeaseTelemetry telemetry, IOptions<AttemptOptions> options,
    TimeProvider time, ILogger<ConverterClient> logger)
{
    /// <summary>
    /// A connection on which a body is due that is not sent is closed by the HTTP client, which sends bodies that are no larger all the same.
    /// </summary>
    private const int SmallBody = 1024;

    private const int MaxProblemBytes = 64 << 10;

    /// <summary>How soon a converter that had no slot free is called again.</summary>
    private static readonly TimeSpan FullRetryDelay = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a converter may have no slot free until the call counts as failed.</summary>
    private static readonly TimeSpan MaxFull = TimeSpan.FromSeconds(5);

    /// <summary>Calls a converter, again and again for a while where it has no slot free.</summary>
    /// <param name="call">Whom, and what for.</param>
    /// <param name="content">Makes the body of each try; it is told whether that is a further one.</param>
    /// <param name="progress">Is told what the converter tells.</param>
    /// <param name="previews">Is given the converter's previews, where somebody wants them.</param>
    /// <param name="stop">Aborts the call.</param>
    /// <returns>The image, or how the call failed.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled; the call was aborted.</exception>
    public async Task<ConversionOutcome> ConvertAsync(
        ConverterCall call, Func<bool, HttpContent> content, AttemptProgress progress, PreviewSender? previews, CancellationToken stop)
    {
        // A response that has begun and stalls is waited for: a converter that was frozen continues where it was.
        var whileUp = call.Converter.WhileUp;
        var started = time.GetTimestamp();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(options.Value.Timeout);
        try
        {
            var outcome = await TryAsync(call, content(false), wasFull: false, progress, previews, timeout.Token);
            var since = time.GetTimestamp();
            while (outcome.IsFull && !call.IsPreview && time.GetElapsedTime(since) < MaxFull)
            {
                await Task.Delay(FullRetryDelay, time, timeout.Token);

                // A converter that goes down meanwhile refuses the call, or it is cut off.
                outcome = await TryAsync(call, content(true), wasFull: true, progress, previews, timeout.Token);
            }

            return outcome;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return ConversionOutcome.Failed(JobFailures.TimedOut(options.Value.Timeout, whileUp.IsCancellationRequested));
        }
        finally
        {
            if (!call.IsPreview)
            {
                telemetry.RecordStage(call.Converter.Name, "convert", time.GetElapsedTime(started));
            }
        }
    }

    /// <param name="call">Whom, and what for.</param>
    /// <param name="content">The body.</param>
    /// <param name="wasFull">
    /// Whether the converter had no slot free at the last try. Then the input is sent only once the converter asks for it, and a connection on
    /// which it does not is not used again, so that the next try may reach another replica.
    /// </param>
    /// <param name="progress">Is told what the converter tells.</param>
    /// <param name="previews">Is given the converter's previews.</param>
    /// <param name="cancellationToken">Aborts the call.</param>
    private async Task<ConversionOutcome> TryAsync(
        ConverterCall call, HttpContent content, bool wasFull, AttemptProgress progress, PreviewSender? previews,
        CancellationToken cancellationToken)
    {
        var (converter, input) = (call.Converter, content as InputContent);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(converter.Address, "convert" + call.Query))
            {
                Content = content,
            };
            request.Headers.Accept.ParseAdd("multipart/mixed");
            request.Headers.Accept.ParseAdd("image/*");
            if (wasFull)
            {
                request.Headers.ExpectContinue = true;
                request.Headers.ConnectionClose = content.Headers.ContentLength <= SmallBody;
            }

            using var client = clients.CreateClient(ConverterCatalog.HttpClientName);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return await ReadAsync(call, response, progress, previews, cancellationToken);
        }
        catch (Exception exception) when (
            exception is HttpRequestException or IOException
            || (input is { IsFaulted: true } or { IsLeaseLost: true } && exception is not OperationCanceledException))
        {
            if (input is { IsLeaseLost: true })
            {
                return ConversionOutcome.LeaseLost;
            }

            if (input is { IsFaulted: true })
            {
                return ConversionOutcome.Failed(JobFailures.InputUnavailable);
            }

            if (HttpErrors.IsUnreachable(exception))
            {
                foreach (var lost in catalog.ProgramOf(converter).MarkDown())
                {
                    ConverterLog.ConverterDown(logger, lost.Name, exception.Message);
                }
            }

            return ConversionOutcome.Failed(JobFailures.FromException(exception));
        }
        catch (StepNotStoredException exception)
        {
            Log.StepNotStored(logger, exception, converter.Name);
            return ConversionOutcome.Failed(JobFailures.StepNotStored);
        }
        catch (InvalidDataException exception)
        {
            return ConversionOutcome.Failed(JobFailures.BadResult(exception.Message));
        }
    }

    private async Task<ConversionOutcome> ReadAsync(
        ConverterCall call,
        HttpResponseMessage response,
        AttemptProgress progress,
        PreviewSender? previews,
        CancellationToken cancellationToken)
    {
        var converter = call.Converter;
        if (!IsPutOff(response.StatusCode) && !call.IsPreview)
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

            if (!call.IsPreview)
            {
                slots.Learn(converter, isFull: true);
            }

            return ConversionOutcome.Full(failure);
        }

        return call.IsInner
            ? await ReadStepAsync(response, progress, previews, cancellationToken)
            : await ReadImageAsync(response, progress, previews, cancellationToken);
    }

    /// <summary>Reads a result that another step follows.</summary>
    private async Task<ConversionOutcome> ReadStepAsync(
        HttpResponseMessage response, AttemptProgress progress, PreviewSender? previews, CancellationToken cancellationToken)
    {
        var maxBytes = options.Value.MaxStepBytes;
        var directory = options.Value.StepDirectory is { Length: > 0 } configured ? configured : Path.GetTempPath();
        var last = await ReadLastAsync(
            response,
            (body, _) => StepPicture.ReadAsync(body, maxBytes, directory, cancellationToken),
            progress,
            preview =>
            {
                if (preview is { Length: <= PreviewSender.MaxBytes })
                {
                    previews?.Offer(preview.Head((int)preview.Length));
                }
            },
            cancellationToken);
        if (last.Body is not { } picture)
        {
            return ConversionOutcome.Failed(JobFailures.StepTooLarge(maxBytes));
        }

        var isKept = false;
        try
        {
            if (FindProblem(last.MediaType, picture.Head(MaxProblemBytes), last.ResultInfo) is { } failure)
            {
                return failure;
            }

            if (picture.FindFormat() is not { } format || (last.Original is { } original && !OriginalPattern().IsMatch(original)))
            {
                return ConversionOutcome.Failed(JobFailures.BadResult("it is no picture that loses nothing between two steps."));
            }

            isKept = true;
            return ConversionOutcome.OfStep(new StepResult(picture, format.MediaType(), last.Original, last.ResultInfo));
        }
        finally
        {
            if (!isKept)
            {
                picture.Dispose();
            }
        }
    }

    /// <summary>Reads a result for the client.</summary>
    private async Task<ConversionOutcome> ReadImageAsync(
        HttpResponseMessage response, AttemptProgress progress, PreviewSender? previews, CancellationToken cancellationToken)
    {
        var maxBytes = options.Value.MaxResultBytes;
        var last = await ReadLastAsync(
            response,
            (body, length) => LimitedBodyReader.ReadAsync(body, length, maxBytes, cancellationToken),
            progress,
            preview => previews?.Offer(preview ?? default),
            cancellationToken);
        if (last.Body is not { } bytes)
        {
            return ConversionOutcome.Failed(JobFailures.ResultTooLarge(maxBytes));
        }

        if (FindProblem(last.MediaType, bytes, last.ResultInfo) is { } failure)
        {
            return failure;
        }

        var inspection = ImageInspector.InspectComplete(bytes.Span);
        return inspection.IsAccepted
            ? ConversionOutcome.Converted(new ConvertedImage(ImageFile.Create(bytes, inspection.Info), last.ResultInfo))
            : ConversionOutcome.Failed(JobFailures.BadResult(inspection.Refusal.Detail));
    }

    /// <summary>The part that an answer ends with, or all of it where it is one image.</summary>
    private static async Task<FinalPart<TBody>> ReadLastAsync<TBody>(
        HttpResponseMessage response,
        Func<Stream, long?, Task<TBody>> read,
        AttemptProgress progress,
        Action<TBody> preview,
        CancellationToken cancellationToken)
    {
        var headers = response.Content.Headers;
        return headers.ContentType is { MediaType: "multipart/mixed" } type
            ? await MultipartMixedReader.ReadAsync(response, type, body => read(body, null), progress, preview, cancellationToken)
            : new FinalPart<TBody>(
                headers.ContentType?.MediaType,
                Header(response, ServiceHeaders.ResultInfo),
                Header(response, ServiceHeaders.Original),
                await read(await response.Content.ReadAsStreamAsync(cancellationToken), headers.ContentLength));
    }

    /// <summary>A problem in place of an image, or what is wrong with the headers; null when nothing is.</summary>
    private static ConversionOutcome? FindProblem(string? mediaType, ReadOnlyMemory<byte> body, string? resultInfo) =>
        ProblemReader.Parse(mediaType, body) is { } late
            ? ConversionOutcome.Failed(JobFailures.FromResponse((HttpStatusCode)(late.Status ?? 500), late, retryAfter: null))
        : resultInfo is not null && !ConvertedImage.IsResultInfo(resultInfo)
            ? ConversionOutcome.Failed(JobFailures.BadResult(
                $"its {ServiceHeaders.ResultInfo} has more than {ConvertedImage.MaxResultInfoLength} characters, "
                + "or others than printable ASCII."))
        : null;

    /// <summary>Whether a status says nothing of the input, and perhaps nothing of slots.</summary>
    private static bool IsPutOff(HttpStatusCode status) =>
        status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout;

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    /// <summary>What becomes a query parameter of the next step.</summary>
    [GeneratedRegex("^[a-z0-9-]{1,64}$")]
    private static partial Regex OriginalPattern();

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Error,
            "A result of {Converter} could not be stored until the next step; Conversions:StepDirectory needs room",
            EventName = "StepNotStored")]
        public static partial void StepNotStored(ILogger logger, Exception exception, string converter);
    }
}
