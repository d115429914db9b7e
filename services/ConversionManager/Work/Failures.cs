using System.Net;
using ImageEditor.ConversionManager.Jobs;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Mvc;

namespace ImageEditor.ConversionManager.Work;

/// <summary>Decides what each way to fail means for the job (section 3.5 of the design).</summary>
internal static class Failures
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>This process stops; the job goes back to the queue at once.</summary>
    public static JobFailure Released { get; } = Of(FailureKind.Released, ProblemTypes.Unavailable, "The conversion was interrupted by a restart; the job waits.");

    public static JobFailure Of(string kind, ProblemType type, string detail, TimeSpan? retryAfter = null) =>
        new(kind, type.Status, type.Uri, type.Title, detail, retryAfter?.TotalSeconds);

    /// <summary>No connection to the converter could be made, or it is silent altogether.</summary>
    public static JobFailure NotReached() =>
        Of(FailureKind.Unavailable, ProblemTypes.Unavailable, "The converter is down; the job waits for it.", Pause);

    /// <summary>The connection to the converter broke after something was sent.</summary>
    public static JobFailure Broken() =>
        Of(FailureKind.Broken, ProblemTypes.ConversionFailed, "The converter broke off in the middle of this image, again and again; the image may be more than it can handle.");

    /// <summary>The input could not be read from the job manager.</summary>
    public static JobFailure InputUnavailable() =>
        Of(FailureKind.Unavailable, ProblemTypes.Unavailable, "The image could not be read from the job store; the job waits.", Pause);

    /// <summary>The converter answered 200 with something that is no whole image.</summary>
    public static JobFailure BadResult(string flaw) =>
        Of(FailureKind.Error, ProblemTypes.ConversionFailed, $"The converter's result was not usable: {flaw}");

    /// <summary>The result has more bytes than allowed.</summary>
    public static JobFailure ResultTooLarge(int maxBytes) =>
        Of(FailureKind.Final, ProblemTypes.TooLarge, $"The result has more than {maxBytes / 1_000_000} MB; ask for a smaller image or a format that compresses better (format=jpeg or format=webp).");

    /// <summary>The converter answered with an error.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="problem">Its problem, if it gave one.</param>
    /// <param name="retryAfter">Its <c>Retry-After</c>, if it gave one.</param>
    public static JobFailure Answered(HttpStatusCode status, ProblemDetails? problem, TimeSpan? retryAfter) => status switch
    {
        HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.UnprocessableEntity =>
            new JobFailure(
                FailureKind.Final,
                (int)status,
                problem?.Type ?? ProblemTypes.NotDecodable.Uri,
                problem?.Title ?? ProblemTypes.NotDecodable.Title,
                problem?.Detail ?? "The converter refused this image and gave no reason; try another image."),
        HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout =>
            Of(FailureKind.Unavailable, ProblemTypes.Unavailable, "The converter is busy; the job waits.", retryAfter ?? Pause),
        _ => Of(FailureKind.Error, ProblemTypes.ConversionFailed, $"The converter failed ({(int)status}) at every try; try again later or with another image."),
    };
}
