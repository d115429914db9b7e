using ImageEditor.ConversionManager.Attempts;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.ConversionManager.ImageInspection.Containers;
using ImageEditor.ConversionManager.Jobs;
using ImageEditor.ServiceDefaults.Configuration;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>Reads a request for a conversion, and refuses what could never work, before anything is stored.</summary>
internal sealed class SubmissionReader(
    RecipeReader recipes, ConverterCatalog catalog, IOptions<PictureOptions> pictures, IOptions<AttemptOptions> attempts)
{
    private const string FormatParameter = "format";
    private const string FormatOfOneFrame = "jpeg";

    /// <summary>Parameters up to this length go to the job manager in an address, as those of the release before.</summary>
    private const int MaxParametersInAddress = 2048;

    private static readonly ImageLimits UsualLimits = new();

    /// <summary>Reads what is to become a job.</summary>
    /// <param name="request">The request.</param>
    /// <param name="memory">Counts the bytes that are kept in memory for it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ProblemException">The request is refused.</exception>
    public Task<Submission> ReadAsync(HttpRequest request, UploadMemoryBudget.Reservation memory, CancellationToken cancellationToken) =>
        ReadAsync(request, new SubmissionLimits(pictures.Value.MaxBytes, UsualLimits), memory, cancellationToken);

    /// <param name="request">The request.</param>
    /// <param name="limits">How large its images may be.</param>
    /// <param name="memory">Counts the bytes that are kept in memory for it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ProblemException">The request is refused.</exception>
    public async Task<Submission> ReadAsync(
        HttpRequest request, SubmissionLimits limits, UploadMemoryBudget.Reservation memory, CancellationToken cancellationToken)
    {
        var name = SubmittedName.Read(request);

        // What the query string says is checked before the body is read.
        var isConverter = !request.Query.ContainsKey(RecipeReader.RecipeName);
        var steps = recipes.Read(request.Query);
        var parts = steps is null ? null : isConverter ? ImageParts.OfConverter(steps[0]) : ImageParts.OfRecipe(steps);
        var reader = new ImageRequestReader(limits.MaxImageBytes, parts, recipe =>
        {
            steps = recipes.Parse(recipe);
            return parts = ImageParts.OfRecipe(steps);
        });
        var images = await ReadImagesAsync(request, reader, memory, cancellationToken);
        if (steps is null || parts is null)
        {
            throw RecipeReader.NothingAskedFor();
        }

        // The step that decodes a HEIC picture, and inner ones, read all frames.
        var format = steps is [var only] && only.Parameters.TryGetPropertyValue(FormatParameter, out var value) ? (string?)value : null;
        var inspected = images.Select(image => (Image: image, Info: Inspect(image, format, limits.Image))).ToList();
        var (picture, info) = inspected[0];
        if (inspected.Count > 1)
        {
            // They are put together in a form, and are there twice for a while.
            memory.Add(inspected.Sum(image => image.Image.Bytes.Length));
        }

        var isRecipe = steps.Count > 1
            || RecipeStep.ThatDecodes(info.MediaType) is not null
            || steps[0].Parameters.ToJsonString().Length > MaxParametersInAddress;
        return new Submission(
            steps,
            JobInput.Create([.. inspected.Select(image => (parts.Named(image.Image, isRecipe), image.Info))]),
            isRecipe,
            ResultYield.Compute(
                [.. steps.Select(step => (step.Converter.Info!.Descriptor, step.Parameters))],
                info,
                picture.Bytes.Length,
                attempts.Value.MaxResultBytes),
            name ?? picture.FileName);
    }

    /// <summary>Reads a picture of which only the first frame is wanted, and nothing else.</summary>
    /// <param name="request">The request.</param>
    /// <param name="memory">Counts the bytes that are kept in memory for it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ProblemException">The request is refused.</exception>
    public async Task<JobInput> ReadPictureAsync(
        HttpRequest request, UploadMemoryBudget.Reservation memory, CancellationToken cancellationToken)
    {
        var reader = new ImageRequestReader(pictures.Value.MaxBytes, ImageParts.None, _ => ImageParts.None);
        var images = await ReadImagesAsync(request, reader, memory, cancellationToken);
        return JobInput.Create([(images[0], Inspect(images[0], FormatOfOneFrame, UsualLimits))]);
    }

    private async Task<IReadOnlyList<NamedImage>> ReadImagesAsync(
        HttpRequest request, ImageRequestReader reader, UploadMemoryBudget.Reservation memory, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(pictures.Value.UploadTime);
        try
        {
            return await reader.ReadAsync(request, new UploadCountingStream(request.Body, memory), timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw ProblemTypes.InvalidParameters.Refuse(
                $"The image did not arrive within {pictures.Value.UploadTime.TotalSeconds:0} seconds; "
                + "send it again, over a faster connection or in a smaller size.");
        }
    }

    private ImageInfo Inspect(NamedImage image, string? format, ImageLimits limits)
    {
        // Only the picture itself is decoded by a step of its own.
        var isForHeic = image.Name == NamedImage.PrimaryName
            && catalog.Find(RecipeStep.HeicConverter) is not null
            && ImageInspector.FormatOf(image.Bytes.Span) is null;
        var inspection = isForHeic ? ImageInspector.InspectHeic(image.Bytes.Span) : ImageInspector.Inspect(image.Bytes.Span);
        var refusal = inspection.IsAccepted ? limits.Check(inspection.Info) : inspection.Refusal;

        // Of an image that is a parameter only the first frame or page is read.
        refusal ??= image.Name == NamedImage.PrimaryName ? inspection.Info!.CheckFrames(format) : null;
        return refusal is null ? inspection.Info! : throw refusal.Type.Refuse(refusal.Detail);
    }
}
