using System.Net;
using ImageEditor.ConversionManager.Clients;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Mvc;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>Decides what each way to fail means for the job (docs/architecture.md, "What ends a job").</summary>
internal static class JobFailures
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StepRetryDelay = TimeSpan.FromSeconds(30);

    /// <summary>This process stops; the job returns to the queue at once.</summary>
    public static JobFailure Released { get; } =
        Create(FailureKind.Released, ProblemTypes.Unavailable, "The conversion was interrupted by a restart; the job waits.");

    /// <summary>The converter is down: it refuses connections, or no replica of it answers.</summary>
    public static JobFailure ConverterUnreachable { get; } = Unavailable("The converter is down; the job waits for it.");

    /// <summary>The converter of a later step is down, and was waited for; or this process knows of none of that name.</summary>
    public static JobFailure StepUnavailable { get; } =
        Unavailable("The converter of a step is down, or not known yet; the job waits for it.", StepRetryDelay);

    /// <summary>A picture between two steps could not be stored: another process may have room.</summary>
    public static JobFailure StepNotStored { get; } =
        Unavailable("There was no room for the picture between two steps; the job waits.", StepRetryDelay);

    /// <summary>The input could not be read from the job manager.</summary>
    public static JobFailure InputUnavailable { get; } = Unavailable("The image could not be read from the job store; the job waits.");

    /// <summary>This program has a fault.</summary>
    public static JobFailure Crashed { get; } = Error("The conversion failed here, not because of the image; try again later.");

    /// <summary>The call to the converter failed: it could not be connected to, the connection broke, or it did not answer.</summary>
    public static JobFailure FromException(Exception exception) => HttpErrors.IsUnreachable(exception)
        ? ConverterUnreachable
        : Create(
            FailureKind.Broken,
            ProblemTypes.ConversionFailed,
            "The converter broke off in the middle of this image, again and again; the image may be more than it can handle.");

    /// <summary>The converter took longer than it may.</summary>
    /// <param name="limit">How long it may take.</param>
    /// <param name="wasDown">Whether it was down meanwhile: then the image is not to blame.</param>
    public static JobFailure TimedOut(TimeSpan limit, bool wasDown) => wasDown
        ? ConverterUnreachable
        : Error($"The conversion took longer than {limit.TotalMinutes:0.#} minutes; try a smaller image or gentler parameters.");

    /// <summary>The converter answered 200 with something that is no complete image.</summary>
    public static JobFailure BadResult(string reason) => Error($"The converter's result was not usable: {reason}");

    /// <summary>The result has more bytes than allowed.</summary>
    public static JobFailure ResultTooLarge(int maxBytes) => Create(
        FailureKind.Final,
        ProblemTypes.TooLarge,
        $"The result has more than {maxBytes / 1_000_000} MB; "
        + "ask for a smaller image or a format that compresses better (format=jpeg or format=webp).");

    /// <summary>A picture has more bytes between two steps than allowed.</summary>
    public static JobFailure StepTooLarge(int maxBytes) => Create(
        FailureKind.Final,
        ProblemTypes.TooManyPixels,
        $"The result of this step has more than {maxBytes / 1_000_000} MB without loss, the most that fits between two steps; "
        + "start from a smaller image, or make it smaller in an earlier step.");

    /// <summary>The converter answered with an error.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="problem">Its problem, if it gave one.</param>
    /// <param name="retryAfter">Its <c>Retry-After</c>, if it gave one.</param>
    public static JobFailure FromResponse(HttpStatusCode status, ProblemDetails? problem, TimeSpan? retryAfter) => status switch
    {
        HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnsupportedMediaType
            or HttpStatusCode.UnprocessableEntity =>
            Final(status, problem, ProblemTypes.NotDecodable, "The converter refused this image and gave no reason; try another image."),
        HttpStatusCode.GatewayTimeout =>
            Final(status, problem, ProblemTypes.TimeLimit, "The converter ran out of its time; try a smaller image or gentler parameters."),
        HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout =>
            Unavailable("The converter is busy; the job waits.", retryAfter),
        _ => Error($"The converter failed ({(int)status}) at every try; try again later or with another image."),
    };

    private static JobFailure Unavailable(string detail, TimeSpan? retryAfter = null) =>
        Create(FailureKind.Unavailable, ProblemTypes.Unavailable, detail, retryAfter ?? RetryDelay);

    private static JobFailure Error(string detail) => Create(FailureKind.Error, ProblemTypes.ConversionFailed, detail);

    private static JobFailure Create(string kind, ProblemType type, string detail, TimeSpan? retryAfter = null) =>
        new(kind, type.Status, type.Uri, type.Title, detail, retryAfter?.TotalSeconds);

    private static JobFailure Final(HttpStatusCode status, ProblemDetails? problem, ProblemType type, string detail) =>
        new(FailureKind.Final, (int)status, problem?.Type ?? type.Uri, problem?.Title ?? type.Title, problem?.Detail ?? detail);
}
