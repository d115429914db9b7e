using System.Globalization;
using ImageEditor.Converters.Settings;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using NetVips;

namespace ImageEditor.Converters.Http;

/// <summary>Answers <c>POST /convert</c>.</summary>
internal sealed partial class ConvertEndpoint(
    ParameterSet parameters, ConcurrencyGate gate, Work work, IOptions<ConverterOptions> options, ILogger<ConvertEndpoint> logger)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    public async Task ConvertAsync(HttpContext context)
    {
        var answer = new MixedAnswer(context.Response);
        try
        {
            await TryConvertAsync(context, answer);
        }
        catch (Exception exception) when (ProblemFor(exception, context.RequestAborted) is { } problem)
        {
            await (answer.HasStarted ? answer.EndAsync(problem, context.RequestAborted) : problem.ExecuteAsync(context));
        }
    }

    private async Task TryConvertAsync(HttpContext context, MixedAnswer answer)
    {
        var hungUp = context.RequestAborted;
        var values = parameters.Read(context.Request.Query);
        using var slot = await gate.TryEnterAsync(hungUp)
            ?? throw new RefusalException(ProblemTypes.Unavailable.Create("This converter has its hands full. Try again in a moment.", RetryAfter));
        var images = await InputImages.ReadAsync(context.Request, parameters.Images, hungUp);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(hungUp);
        stop.CancelAfter(options.Value.TimeLimit);
        var messages = new Messages(WantsMessages(context.Request));
        var running = work.RunAsync(values, images, messages, stop.Token);
        try
        {
            await foreach (var message in messages.ReadAllAsync(hungUp))
            {
                await answer.WriteAsync(message, hungUp);
            }
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
        finally
        {
            // The slot stands for memory and a thread: it is not free before these are.
            await running.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        await WriteAsync(context.Response, answer, await running, hungUp);
    }

    private static async Task WriteAsync(HttpResponse response, MixedAnswer answer, Result result, CancellationToken cancellationToken)
    {
        if (answer.HasStarted)
        {
            await answer.EndAsync(result, cancellationToken);
            return;
        }

        foreach (var (name, value) in result.Headers())
        {
            response.Headers[name] = value;
        }

        response.ContentLength = result.Bytes.Length;
        await response.Body.WriteAsync(result.Bytes, cancellationToken);
    }

    private static bool WantsMessages(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
        && accepted.Any(type => type.MediaType.Equals("multipart/mixed", StringComparison.OrdinalIgnoreCase));

    /// <summary>What the caller is told; null where nobody listens any more or the server's own handler knows better.</summary>
    private Problem? ProblemFor(Exception exception, CancellationToken hungUp)
    {
        switch (exception)
        {
            case RefusalException refusal:
                return refusal.Problem;
            case OperationCanceledException when !hungUp.IsCancellationRequested:
                Log.TimeIsOver(logger, options.Value.TimeLimit);
                return ProblemTypes.TimeLimit.Create(string.Create(
                    CultureInfo.InvariantCulture, $"The conversion took longer than {options.Value.TimeLimit.TotalSeconds:0} s. Send a smaller picture."));
            case VipsException failure:
                Log.NotEncoded(logger, failure);
                return ProblemTypes.InternalError.Create("The picture was read, but no result could be made of it. Try again, or ask for another format.");
            default:
                return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A conversion was stopped after {TimeLimit}", EventName = "ConversionTimedOut")]
        public static partial void TimeIsOver(ILogger logger, TimeSpan timeLimit);

        [LoggerMessage(LogLevel.Error, "libvips could not make a result of a picture that it can read", EventName = "ResultNotEncoded")]
        public static partial void NotEncoded(ILogger logger, Exception exception);
    }
}
