using System.Net.Http.Headers;
using ImageEditor.ConversionManager.Attempts;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.Jobs;
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
    public Task<ConvertedImage> RunAsync(Submission submission, CancellationToken cancellationToken)
    {
        var input = new RecipeInput(submission.Input.Body, submission.Input.Images);
        return RunAsync(
            RecipeStage.Plan([.. submission.Steps.Select(step => step.ToRecipeStep())], input.PictureType),
            (stage, picture) => submission.IsRecipe ? input.CreateContent(stage.Step, picture) : WholeOf(submission.Input),
            options.Value.Timeout,
            cancellationToken);
    }

    /// <summary>Makes a copy for browsers to display.</summary>
    /// <param name="picture">A picture of any size.</param>
    /// <param name="cancellationToken">Cancelled when nobody wants the copy any more.</param>
    /// <returns>A JPEG, or a PNG where there is alpha.</returns>
    /// <exception cref="ProblemException">There is none, and why.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<ConvertedImage> DisplayAsync(JobInput picture, CancellationToken cancellationToken) => RunAsync(
        [.. SmallCopy.StepsToDisplay(picture.ContentType).Select(step => new RecipeStage(null, step))],
        (_, last) => last ?? WholeOf(picture),
        options.Value.DisplayTimeout,
        cancellationToken);

    private async Task<ConvertedImage> RunAsync(
        IReadOnlyList<RecipeStage> stages,
        Func<RecipeStage, HttpContent?, HttpContent> content,
        TimeSpan limit,
        CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await ConvertAsync(stages, content, stop.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw ProblemTypes.TimeLimit.Refuse(
                $"A preview may take {limit.TotalSeconds:0.#} s. Send a smaller picture, or submit a conversion.");
        }
    }

    private async Task<ConvertedImage> ConvertAsync(
        IReadOnlyList<RecipeStage> stages, Func<RecipeStage, HttpContent?, HttpContent> content, CancellationToken stop)
    {
        StepResult? last = null;
        var found = new List<string?>();
        try
        {
            foreach (var (index, stage) in stages.Index())
            {
                var converter = catalog.Find(stage.Work.Converter)
                    ?? throw Busy($"The converter '{stage.Work.Converter}' is missing");
                var isInner = index < stages.Count - 1;
                var call = new ConverterCall(converter, stage.QueryFor(converter, isInner, last?.Original), isInner, IsPreview: true);
                var picture = last;
                var outcome = await CallAsync(call, () => content(stage, picture?.Picture.ToContent(picture.MediaType)), stop);
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
