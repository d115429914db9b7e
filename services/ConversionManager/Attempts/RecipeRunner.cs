using ImageEditor.ConversionManager.Clients;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.Jobs;
using ImageEditor.ConversionManager.Leasing;
using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>Runs the steps of a recipe, one after the other: each step's result is the next one's input.</summary>
/// <remarks>
/// A slot is given back before the next one is waited for, or two recipes in opposite order would wait for each other. What is between two
/// steps is lost with the process; then the next attempt begins at the first step.
/// </remarks>
internal sealed class RecipeRunner(
    AttemptClient attempts,
    ConverterCatalog catalog,
    ConverterClient converters,
    ConversionSlots slots,
    RecipePlaces places,
    LeaseTelemetry telemetry,
    IOptions<AttemptOptions> options,
    TimeProvider time)
{
    /// <summary>How soon a step is tried again whose converter is up and has no slot.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(60);

    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<ConversionOutcome> ConvertAsync(
        AttemptClaim claim, IReadOnlyList<RecipeStep> steps, AttemptProgress progress, PreviewSender previews, CancellationToken stop)
    {
        using var place = places.TryTake();
        if (!place.IsAcquired)
        {
            // Others took the last one since the claim was asked for. From the queue another process may take it.
            return ConversionOutcome.Failed(JobFailures.Released);
        }

        RecipeInput? input;
        try
        {
            input = await ReadInputAsync(claim, stop);
        }
        catch (Exception exception) when (HttpErrors.IsTransient(exception, stop))
        {
            return ConversionOutcome.Failed(JobFailures.InputUnavailable);
        }

        if (input is null)
        {
            return ConversionOutcome.LeaseLost;
        }

        var stages = RecipeStage.Plan(steps, input.PictureType);
        return stages.FirstOrDefault(stage => catalog.Find(stage.Work.Converter) is null) is { } unknown
            ? ConversionOutcome.Failed(InStep(unknown, JobFailures.StepUnavailable))
            : await ConvertAsync(claim, stages, input, progress, previews, stop);
    }

    private async Task<ConversionOutcome> ConvertAsync(
        AttemptClaim claim, IReadOnlyList<RecipeStage> stages, RecipeInput input, AttemptProgress progress, PreviewSender previews,
        CancellationToken stop)
    {
        StepResult? last = null;
        var (original, waited, found) = (default(string), TimeSpan.Zero, new List<string?>());
        var hasNames = stages.Count(stage => stage.Step is not null) > 1;
        try
        {
            foreach (var (index, stage) in stages.Index())
            {
                var converter = catalog.Find(stage.Work.Converter)
                    ?? throw new InvalidOperationException($"There is no converter '{stage.Work.Converter}'.");
                progress.BeginStage(index, stages.Count, hasNames ? stage.Step ?? 0 : null);
                var isInner = index < stages.Count - 1;
                var (picture, toldOriginal) = (last, original);

                // Only once it is up: what it understands is perhaps not known before.
                ConverterCall CreateCall() => new(converter, stage.QueryFor(converter, isInner, toldOriginal), isInner);
                HttpContent CreateContent(bool isFurther) =>
                    input.CreateContent(stage.Step, picture is null ? null : picture.Picture.ToContent(picture.MediaType));
                ConversionOutcome outcome;
                if (index == 0 && converter.Name == claim.Converter)
                {
                    outcome = await converters.ConvertAsync(CreateCall(), CreateContent, progress, previews, stop);
                }
                else
                {
                    claim.GiveSlotBack();
                    (outcome, var wait) = await ConvertOnceUpAsync(converter, CreateCall, CreateContent, progress, previews, stop);
                    waited += wait;
                }

                if (outcome.Failure is { } failure)
                {
                    return ConversionOutcome.Failed(InStep(stage, failure) with { WaitedSeconds = waited.TotalSeconds });
                }

                if (stage.Step is not null)
                {
                    found.Add(outcome.Step is { } inner ? inner.ResultInfo : outcome.Image?.ResultInfo);
                }

                if (outcome.Step is not { } result)
                {
                    return outcome.Image is { } image
                        ? ConversionOutcome.Converted(image with { ResultInfo = ConvertedImage.JoinResultInfo(found) })
                        : outcome;
                }

                last?.Picture.Dispose();
                last = result;
                original = result.Original ?? original;
                input.ForgetPicture();
            }
        }
        finally
        {
            last?.Picture.Dispose();
        }

        throw new InvalidOperationException("A recipe has a last step.");
    }

    private static JobFailure InStep(RecipeStage stage, JobFailure failure) =>
        failure with { Step = stage.Step, Converter = stage.Step is null ? null : stage.Work.Converter };

    /// <summary>
    /// Waits until the converter is up and has a slot, and calls it; again and again while it is down or busy, for the picture between two
    /// steps would be lost with the attempt.
    /// </summary>
    /// <returns>How the call ended, and how long was waited for the converter.</returns>
    private async Task<(ConversionOutcome Outcome, TimeSpan Waited)> ConvertOnceUpAsync(
        Converter converter, Func<ConverterCall> call, Func<bool, HttpContent> content, AttemptProgress progress, PreviewSender previews,
        CancellationToken stop)
    {
        var waited = TimeSpan.Zero;
        while (true)
        {
            WorkSlots<AttemptClaim>.Slot slot;
            telemetry.CountWaitingStep(converter.Name, 1);
            var since = time.GetTimestamp();
            try
            {
                var isUp = await IsUpWithinAsync(converter, options.Value.MaxStepWait - waited, stop);
                waited += time.GetElapsedTime(since);
                if (!isUp)
                {
                    return (ConversionOutcome.Failed(JobFailures.StepUnavailable), waited);
                }

                slots.ForgetUnlessStillUp(converter);
                slot = await slots.Of(converter).TakeForStepAsync(stop);
            }
            finally
            {
                telemetry.CountWaitingStep(converter.Name, -1);
            }

            using (slot)
            {
                since = time.GetTimestamp();
                var outcome = converter.IsUp ? await converters.ConvertAsync(call(), content, progress, previews, stop) : null;

                // Where there is no room for the result, the converter would do its work again for nothing.
                if (outcome is not null
                    && (outcome.Failure?.Kind != FailureKind.Unavailable || outcome.Failure == JobFailures.StepNotStored))
                {
                    return (outcome, waited);
                }

                waited += outcome is { IsFull: true } ? time.GetElapsedTime(since) : TimeSpan.Zero;
            }

            since = time.GetTimestamp();
            await Task.Delay(RetryDelay, time, stop);
            waited += time.GetElapsedTime(since);
        }
    }

    /// <summary>Waits until a converter is up.</summary>
    /// <returns>False when it was not for so long.</returns>
    private async Task<bool> IsUpWithinAsync(Converter converter, TimeSpan wait, CancellationToken stop)
    {
        if (wait <= TimeSpan.Zero)
        {
            return false;
        }

        using var timeout = new CancellationTokenSource(wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        try
        {
            await converter.WaitUntilUpAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <returns>The job's input; null when the lease is lost.</returns>
    private async Task<RecipeInput?> ReadInputAsync(AttemptClaim claim, CancellationToken stop)
    {
        var images = claim.Images ?? throw new InvalidDataException("A job with a recipe says what its images are.");
        if (claim.Input is { } held)
        {
            using (held)
            {
                using var content = held.Open();
                return new RecipeInput(await content.ReadAsByteArrayAsync(stop), images);
            }
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(ReadTimeout);
        using var response = await attempts.OpenInputAsync(claim, timeout.Token);
        return response is null ? null : new RecipeInput(await response.Content.ReadAsByteArrayAsync(timeout.Token), images);
    }
}
