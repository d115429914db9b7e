using System.Diagnostics;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.Leasing;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>Runs one attempt at a job: input to the converter, result to the job manager, heartbeats all the while.</summary>
internal sealed partial class AttemptRunner(
    AttemptClient jobs,
    ConverterClient converters,
    LeaseTelemetry telemetry,
    IOptions<AttemptOptions> options,
    TimeProvider time,
    ILogger<AttemptRunner> logger)
{
    /// <summary>Runs the attempt to its end; never throws for what can happen to one.</summary>
    /// <param name="claim">The lease, and what there is to do.</param>
    /// <param name="converter">Who does it.</param>
    /// <param name="abort">Give the job back: this process has to end.</param>
    public async Task RunAsync(AttemptClaim claim, Converter converter, CancellationToken abort)
    {
        using var activity = LeaseTelemetry.StartActivity(claim, "conversion", "job.attempt");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(abort);
        var progress = new AttemptProgress();
        var previews = new PreviewSender(jobs, claim, time, stop.Token);
        var heartbeat = LeaseHeartbeat.RunAsync(token => jobs.RenewAsync(claim, progress.TakeForReport(), token), claim.HeartbeatSeconds, time, stop, () => progress.HasUnreported);
        try
        {
            var outcome = await ConvertAsync(claim, converter, progress, previews, stop.Token);
            await ReportAsync(claim, outcome, stop.Token);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            Log.Released(logger, claim.ShortId, claim.Attempt);
            await jobs.FailAsync(claim, JobFailures.Released, CancellationToken.None);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Log.LeaseLost(logger, claim.ShortId, claim.Attempt);
        }
        catch (Exception exception)
        {
            // A fault of this program must cost the job a counted try, not a lease and a slot.
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            Log.AttemptCrashed(logger, exception, claim.ShortId, claim.Attempt);
            await jobs.FailAsync(claim, JobFailures.Create(FailureKind.Error, ProblemTypes.ConversionFailed, "The conversion failed here, not because of the image; try again later."), CancellationToken.None);
        }
        finally
        {
            await stop.CancelAsync();
            await heartbeat;
            await previews.EndAsync();
        }
    }

    private async Task<ConversionOutcome> ConvertAsync(AttemptClaim claim, Converter converter, AttemptProgress progress, PreviewSender previews, CancellationToken stop)
    {
        var started = time.GetTimestamp();
        HttpResponseMessage? input;
        try
        {
            input = await jobs.OpenInputAsync(claim, stop);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return ConversionOutcome.Failed(JobFailures.InputUnavailable());
        }

        if (input is null)
        {
            return ConversionOutcome.Lost;
        }

        using (input)
        {
            // An answer that has begun and does not go on is waited for: a converter that was frozen goes on where it was.
            var whileUp = converter.WhileUp;
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
            timeout.CancelAfter(options.Value.Timeout);
            try
            {
                return await converters.ConvertAsync(converter, claim, input.Content, progress, previews, timeout.Token);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                return ConversionOutcome.Failed(JobFailures.TimedOut(options.Value.Timeout, whileUp.IsCancellationRequested));
            }
            finally
            {
                telemetry.RecordStage(claim, "convert", time.GetElapsedTime(started));
            }
        }
    }

    private async Task ReportAsync(AttemptClaim claim, ConversionOutcome outcome, CancellationToken stop)
    {
        if (outcome.Image is { } image)
        {
            var started = time.GetTimestamp();
            var status = await jobs.CompleteAsync(claim, image, stop);
            telemetry.RecordStage(claim, "upload", time.GetElapsedTime(started));
            Log.Completed(logger, claim.ShortId, claim.Attempt, status);
            if (status == LeaseStatus.Refused)
            {
                // Left alone, the lease would run out, and the same would happen all over again.
                await jobs.FailAsync(claim, JobFailures.BadResult("the job manager refused it."), stop);
            }
        }
        else if (outcome.Failure is { } failure)
        {
            Activity.Current?.SetStatus(ActivityStatusCode.Error, failure.Kind);
            var status = await jobs.FailAsync(claim, failure, stop);
            Log.Failed(logger, claim.ShortId, claim.Attempt, failure.Kind, failure.Detail, status);
        }
        else
        {
            Log.LeaseLost(logger, claim.ShortId, claim.Attempt);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Job {JobId} attempt {Attempt}: result handed in, lease {Status}", EventName = "AttemptCompleted")]
        public static partial void Completed(ILogger logger, string jobId, int attempt, LeaseStatus status);

        [LoggerMessage(LogLevel.Warning, "Job {JobId} attempt {Attempt} failed ({Kind}): {Reason}; lease {Status}", EventName = "AttemptFailed")]
        public static partial void Failed(ILogger logger, string jobId, int attempt, string kind, string reason, LeaseStatus status);

        [LoggerMessage(LogLevel.Information, "Job {JobId} attempt {Attempt}: the lease is lost, the work is dropped", EventName = "LeaseLost")]
        public static partial void LeaseLost(ILogger logger, string jobId, int attempt);

        [LoggerMessage(LogLevel.Information, "Job {JobId} attempt {Attempt} goes back to the queue: this process stops", EventName = "AttemptReleased")]
        public static partial void Released(ILogger logger, string jobId, int attempt);

        [LoggerMessage(LogLevel.Error, "Job {JobId} attempt {Attempt} met a fault of this service", EventName = "AttemptCrashed")]
        public static partial void AttemptCrashed(ILogger logger, Exception exception, string jobId, int attempt);
    }
}
