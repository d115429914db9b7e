using System.Net.Http.Headers;
using ImageEditor.ConversionManager.Attempts;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.Leasing;
using ImageEditor.ConversionManager.Submissions;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Previews;

/// <summary>
/// Runs the steps of a preview at once or not at all: nothing is stored, and each step has a slot that no job wants at the moment.
/// </summary>
internal sealed class PreviewRunner(
    ConverterCatalog catalog, ConverterClient converters, ConversionSlots slots, IOptions<PreviewOptions> options, TimeProvider time)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <param name="submission">What was asked for.</param>
    /// <param name="cancellationToken">Cancelled when nobody wants the preview any more: then the converter is hung up on.</param>
    /// <returns>The last step's result.</returns>
    /// <exception cref="ProblemException">There is none, and why.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<ConvertedImage> RunAsync(Submission submission, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Value.Timeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await ConvertAsync(submission, stop.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw ProblemTypes.TimeLimit.Refuse(
                $"A preview may take {options.Value.Timeout.TotalSeconds:0.#} s. Send a smaller picture, or submit a conversion.");
        }
    }

    private async Task<ConvertedImage> ConvertAsync(Submission submission, CancellationToken stop)
    {
        var input = new RecipeInput(submission.Input.Body, submission.Input.Images);
        var stages = RecipeStage.Plan([.. submission.Steps.Select(step => step.ToRecipeStep())], input.PictureType);
        StepResult? last = null;
        var found = new List<string?>();
        try
        {
            foreach (var (index, stage) in stages.Index())
            {
                var converter = catalog.Find(stage.Work.Converter)
                    ?? throw new InvalidOperationException($"There is no converter '{stage.Work.Converter}'.");
                var isInner = index < stages.Count - 1;
                var call = new ConverterCall(converter, stage.QueryFor(converter, isInner, last?.Original), isInner, IsPreview: true);
                var picture = last;
                var outcome = await CallAsync(
                    call,
                    () => submission.IsRecipe
                        ? input.CreateContent(stage.Step, picture?.Picture.ToContent(picture.MediaType))
                        : WholeOf(submission.Input),
                    stop);
                if (outcome.Failure is { } failure)
                {
                    throw Refuse(failure, outcome, stages.Count > 1 ? stage.Step : null, converter);
                }

                if (stage.Step is not null)
                {
                    found.Add(outcome.Step?.ResultInfo ?? outcome.Image?.ResultInfo);
                }

                if (outcome.Image is { } image)
                {
                    return image with { ResultInfo = ConvertedImage.JoinResultInfo(found) };
                }

                var result = outcome.Step ?? throw new InvalidOperationException("A step ends with a picture or a failure.");
                last?.Picture.Dispose();
                last = result with { Original = result.Original ?? last?.Original };
            }
        }
        finally
        {
            last?.Picture.Dispose();
        }

        throw new InvalidOperationException("A recipe has a last step.");
    }

    /// <summary>Makes a call on a slot that is lent, and hangs up where a job takes it.</summary>
    private async Task<ConversionOutcome> CallAsync(ConverterCall call, Func<HttpContent> content, CancellationToken stop)
    {
        using var loan = slots.TryLend(call.Converter);
        if (loan is null)
        {
            throw Busy($"The converter '{call.Converter.Name}' is {(call.Converter.IsUp ? "busy" : "down")}");
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(loan.Recalled, stop);
        try
        {
            return await converters.ConvertAsync(call, _ => content(), new AttemptProgress(), previews: null, either.Token);
        }
        catch (OperationCanceledException) when (loan.Recalled.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            throw Busy($"The converter '{call.Converter.Name}' was needed for a conversion");
        }
    }

    /// <summary>A single step is sent its input as it is.</summary>
    private static ReadOnlyMemoryContent WholeOf(JobInput input)
    {
        var content = new ReadOnlyMemoryContent(input.Body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(input.ContentType);
        return content;
    }

    private static ProblemException Busy(string why) => ProblemTypes.Unavailable.Refuse(
        $"{why}, and a preview waits for nothing; try again in a moment, or submit a conversion.", RetryAfter);

    private static ProblemException Refuse(JobFailure failure, ConversionOutcome outcome, int? step, Converter converter)
    {
        if (outcome.IsFull || failure.Kind == FailureKind.Unavailable)
        {
            return Busy($"The converter '{converter.Name}' is {(converter.IsUp ? "busy" : "down")}");
        }

        var problem = new Problem(new ProblemDetails
        {
            Status = failure.Status,
            Type = failure.Type,
            Title = failure.Title,
            Detail = failure.Detail,
        });
        return new ProblemException(step is { } number ? problem.InStep(number, converter.Name) : problem);
    }
}
