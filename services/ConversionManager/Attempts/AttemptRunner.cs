using System.Diagnostics;
using ImageEditor.ConversionManager.Clients;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.Jobs;
using ImageEditor.ConversionManager.Leasing;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>Runs one attempt at a job: sends the input to the converter, and the result to the job manager.</summary>
internal sealed partial class AttemptRunner(
    AttemptClient attempts,
    ConverterCatalog catalog,
    ConverterClient converters,
    RecipeRunner recipes,
    LeaseTelemetry telemetry,
    LeaseKeeper keeper,
    TimeProvider time,
    ILogger<AttemptRunner> logger)
    : LeasedRunner<AttemptClaim>("conversion", "job.attempt", LeaseKind.Job, keeper, time)
{
    protected override async Task<bool> WorkAsync(AttemptClaim claim, AttemptProgress progress, CancellationToken stop)
    {
        try
        {
            return await ConvertAndReportAsync(claim, progress, stop);
        }
        finally
        {
            // Where the attempt ended before it was sent on.
            claim.Input?.Dispose();
            claim.StoredResult?.TrySetResult(null);
        }
    }

    protected override Task ReleaseAsync(AttemptClaim claim)
    {
        Log.Released(logger, claim.ShortId, claim.Attempt);
        return attempts.FailAsync(claim, JobFailures.Released, CancellationToken.None);
    }

    protected override Task ReportCrashAsync(AttemptClaim claim, Exception exception)
    {
        Log.AttemptCrashed(logger, exception, claim.ShortId, claim.Attempt);
        return attempts.FailAsync(claim, JobFailures.Crashed, CancellationToken.None);
    }

    protected override void LogLeaseLost(AttemptClaim claim) => Log.LeaseLost(logger, claim.ShortId, claim.Attempt);

    private async Task<bool> ConvertAndReportAsync(AttemptClaim claim, AttemptProgress progress, CancellationToken stop)
    {
        await using var previews = new PreviewSender(attempts, claim, Time);
        var outcome = claim.Recipe is { } steps
            ? await recipes.ConvertAsync(claim, steps, progress, previews, stop)
            : await ConvertAsync(claim, progress, previews, stop);
        if (outcome.Image is { } image)
        {
            await CompleteAsync(claim, image, stop);
        }
        else if (outcome.Failure is { } failure)
        {
            Activity.Current?.SetStatus(ActivityStatusCode.Error, failure.Kind);
            var report = claim.Recipe is null ? failure with { Step = 0, Converter = claim.Converter } : failure;
            var status = await attempts.FailAsync(claim, report, stop);
            Log.Failed(logger, claim.ShortId, claim.Attempt, failure.Kind, failure.Detail, status);
        }

        return outcome != ConversionOutcome.LeaseLost;
    }

    private async Task<ConversionOutcome> ConvertAsync(
        AttemptClaim claim, AttemptProgress progress, PreviewSender previews, CancellationToken stop)
    {
        var converter = catalog.Find(claim.Converter) ?? throw new InvalidOperationException($"There is no converter '{claim.Converter}'.");
        if (claim.Input is { } held)
        {
            using (held)
            {
                return await ConvertAsync(converter, claim, held.Open(), progress, previews, stop);
            }
        }

        HttpResponseMessage? input;
        try
        {
            input = await attempts.OpenInputAsync(claim, stop);
        }
        catch (Exception exception) when (HttpErrors.IsTransient(exception, stop))
        {
            return ConversionOutcome.Failed(JobFailures.InputUnavailable);
        }

        if (input is null)
        {
            return ConversionOutcome.LeaseLost;
        }

        using (input)
        {
            return await ConvertAsync(converter, claim, input.Content, progress, previews, stop);
        }
    }

    private Task<ConversionOutcome> ConvertAsync(
        Converter converter,
        AttemptClaim claim,
        HttpContent input,
        AttemptProgress progress,
        PreviewSender previews,
        CancellationToken stop)
    {
        var call = new ConverterCall(converter, new RecipeStep(claim.Converter, claim.Parameters).ToQuery());
        return converters.ConvertAsync(
            call, isFurther => new InputContent(claim, token => OpenAsync(isFurther, token)), progress, previews, stop);

        // Under the same lease: where the converter had no slot free, it has perhaps read none of the input, or some.
        async Task<Stream?> OpenAsync(bool isFurther, CancellationToken token) =>
            isFurther ? await OpenInputAsync(claim, token) : await input.ReadAsStreamAsync(token);
    }

    /// <returns>The input, whose response ends with it; null when the lease is lost.</returns>
    private async Task<Stream?> OpenInputAsync(AttemptClaim claim, CancellationToken cancellationToken) =>
        await attempts.OpenInputAsync(claim, cancellationToken) is { } input
            ? await input.Content.ReadAsStreamAsync(cancellationToken)
            : null;

    private async Task CompleteAsync(AttemptClaim claim, ConvertedImage image, CancellationToken stop)
    {
        var started = Time.GetTimestamp();
        var status = await attempts.CompleteAsync(claim, image, stop);
        telemetry.RecordStage(claim, "upload", Time.GetElapsedTime(started));
        if (status == LeaseStatus.Accepted)
        {
            claim.StoredResult?.TrySetResult(image);
        }
        else
        {
            Log.ResultNotTaken(logger, claim.ShortId, claim.Attempt, status);
        }

        if (status == LeaseStatus.Refused)
        {
            // Without a report the lease would expire, and the next attempt would end in the same way.
            await attempts.FailAsync(claim, JobFailures.BadResult(
                "the job manager refused it, as it does with more bytes than the converter's descriptor allows for this image."), stop);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Information, "Job {JobId} attempt {Attempt}: result sent and not taken, lease {Status}", EventName = "ResultNotTaken")]
        public static partial void ResultNotTaken(ILogger logger, string jobId, int attempt, LeaseStatus status);

        [LoggerMessage(
            LogLevel.Warning, "Job {JobId} attempt {Attempt} failed ({Kind}): {Reason}; lease {Status}", EventName = "AttemptFailed")]
        public static partial void Failed(ILogger logger, string jobId, int attempt, string kind, string reason, LeaseStatus status);

        [LoggerMessage(
            LogLevel.Information, "Job {JobId} attempt {Attempt}: the lease is lost, the work is dropped", EventName = "LeaseLost")]
        public static partial void LeaseLost(ILogger logger, string jobId, int attempt);

        [LoggerMessage(
            LogLevel.Information, "Job {JobId} attempt {Attempt} returns to the queue: this process stops", EventName = "AttemptReleased")]
        public static partial void Released(ILogger logger, string jobId, int attempt);

        [LoggerMessage(LogLevel.Error, "Job {JobId} attempt {Attempt} met a fault of this service", EventName = "AttemptCrashed")]
        public static partial void AttemptCrashed(ILogger logger, Exception exception, string jobId, int attempt);
    }
}
