using System.Globalization;
using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Pipeline;
using ImageEditor.Converters.Settings;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using NetVips;

namespace ImageEditor.Converters.Http;

/// <summary>Handles <c>POST /convert</c>.</summary>
internal sealed partial class ConvertEndpoint(
    ParameterSet parameters,
    ConcurrencyGate gate,
    ConversionPipeline pipeline,
    IOptions<ConverterOptions> options,
    ILogger<ConvertEndpoint> logger)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    public async Task ConvertAsync(HttpContext context)
    {
        var parts = new MultipartMixedWriter(context.Response);
        try
        {
            await TryConvertAsync(context, parts);
        }
        catch (Exception exception) when (ProblemFor(exception, context.RequestAborted) is { } problem)
        {
            await (parts.HasStarted ? parts.EndAsync(problem, context.RequestAborted) : problem.ExecuteAsync(context));
        }
    }

    private async Task TryConvertAsync(HttpContext context, MultipartMixedWriter parts)
    {
        var aborted = context.RequestAborted;
        var values = parameters.Read(context.Request.Query);
        using var slot = await gate.TryEnterAsync(aborted)
            ?? throw ProblemTypes.Full.Refuse("This converter has its hands full. Try again in a moment.", RetryAfter);
        if (values.Original is not null && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            // Between steps a picture is larger than its file was; images that are parameters come with it.
            size.MaxRequestBodySize = (long)options.Value.MaxStepBytes + options.Value.MaxInputBytes;
        }

        var images = await InputImages.ReadAsync(context.Request, parameters.Images, aborted);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        stop.CancelAfter(options.Value.TimeLimit);
        var progress = new ProgressChannel(AcceptsParts(context.Request));
        var running = pipeline.RunAsync(values, images, progress, stop.Token);
        try
        {
            await foreach (var part in progress.ReadAllAsync(aborted))
            {
                await parts.WriteAsync(part, aborted);
            }
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
        finally
        {
            // The slot stands for memory and a thread: it is released after both.
            await running.ContinueWith(
                _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        await WriteAsync(context.Response, parts, await running, aborted);
    }

    private static async Task WriteAsync(
        HttpResponse response, MultipartMixedWriter parts, ConversionResult result, CancellationToken cancellationToken)
    {
        if (parts.HasStarted)
        {
            await parts.EndAsync(result, cancellationToken);
            return;
        }

        foreach (var (name, value) in ResultHeaders.Create(result))
        {
            response.Headers[name] = value;
        }

        response.ContentLength = result.Bytes.Length;
        await response.Body.WriteAsync(result.Bytes, cancellationToken);
    }

    private static bool AcceptsParts(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
        && accepted.Any(type => type.MediaType.Equals("multipart/mixed", StringComparison.OrdinalIgnoreCase));

    /// <summary>The problem that the caller gets; null where the request was aborted, or where the server's own handler answers.</summary>
    private Problem? ProblemFor(Exception exception, CancellationToken aborted)
    {
        switch (exception)
        {
            case ProblemException refusal:
                return refusal.Problem;
            case OperationCanceledException when !aborted.IsCancellationRequested:
                Log.TimedOut(logger, options.Value.TimeLimit);
                return ProblemTypes.TimeLimit.Create(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The conversion took longer than {options.Value.TimeLimit.TotalSeconds:0} s. Send a smaller picture."));
            case VipsException failure:
                Log.ResultNotEncoded(logger, failure);
                return ProblemTypes.InternalError.Create(
                    "The picture was read, but no result could be made of it. Try again, or ask for another format.");
            default:
                return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A conversion was stopped after {TimeLimit}", EventName = "ConversionTimedOut")]
        public static partial void TimedOut(ILogger logger, TimeSpan timeLimit);

        [LoggerMessage(LogLevel.Error, "libvips could not make a result of a picture that it can read", EventName = "ResultNotEncoded")]
        public static partial void ResultNotEncoded(ILogger logger, Exception exception);
    }
}
