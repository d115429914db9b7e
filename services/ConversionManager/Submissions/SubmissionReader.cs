using ImageEditor.ConversionManager.Attempts;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.ConversionManager.ImageInspection.Containers;
using ImageEditor.ServiceDefaults.Configuration;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>Reads a request for a conversion, and refuses what could never work, before anything is stored.</summary>
internal sealed class SubmissionReader(
    ConverterCatalog catalog, IOptions<PictureOptions> pictures, IOptions<AttemptOptions> attempts)
{
    private const string ConverterParameter = "converter";
    private const string FormatParameter = "format";

    private static readonly ImageLimits Limits = new();
    private static readonly TimeSpan MissingDescriptorRetryAfter = TimeSpan.FromSeconds(2);

    /// <param name="request">The request.</param>
    /// <param name="memory">Counts the bytes that are kept in memory for it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ProblemException">The request is refused.</exception>
    public async Task<Submission> ReadAsync(HttpRequest request, UploadMemoryBudget.Reservation memory, CancellationToken cancellationToken)
    {
        var name = SubmittedName.Read(request);
        var converter = FindConverter(request.Query[ConverterParameter]);
        var (descriptor, schema) = converter.Info ?? throw ProblemTypes.Unavailable.Refuse(
            $"The converter '{converter.Name}' has not answered yet, so its parameters are not known; try again in a moment.",
            MissingDescriptorRetryAfter);
        var parameters = schema.Read(
            from pair in request.Query
            where pair.Key != ConverterParameter && !pair.Key.Equals(SubmittedName.Parameter, StringComparison.OrdinalIgnoreCase)
            from text in pair.Value
            select KeyValuePair.Create(pair.Key, text ?? ""));
        var format = parameters.TryGetPropertyValue(FormatParameter, out var value) ? (string?)value : null;
        var images = await ReadImagesAsync(request, schema, memory, cancellationToken);
        var inspected = images.Select(image => (Image: image, Info: Inspect(image, format))).ToList();
        var (picture, info) = inspected[0];
        return new Submission(
            converter,
            parameters,
            JobInput.Create(inspected),
            ResultYield.Compute(descriptor, parameters, info, picture.Bytes.Length, attempts.Value.MaxResultBytes),
            name ?? picture.FileName);
    }

    private Converter FindConverter(string? name) =>
        string.IsNullOrEmpty(name)
            ? throw ProblemTypes.InvalidParameters.Refuse(
                $"Name a converter in the query string, as in ?{ConverterParameter}=grayscale; GET /api/converters lists them.")
        : catalog.Find(name) is { } converter && converter.Info is not { Descriptor.Public: false } ? converter
        : throw ProblemTypes.UnknownConverter.Refuse(
            $"There is no converter '{Shorten(name)}'; GET /api/converters lists those there are.");

    private async Task<IReadOnlyList<NamedImage>> ReadImagesAsync(
        HttpRequest request, ParameterSchema schema, UploadMemoryBudget.Reservation memory, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(pictures.Value.UploadTime);
        try
        {
            var reader = new ImageRequestReader(pictures.Value.MaxBytes, schema.ImageParameters, schema.RequiredImages);
            return await reader.ReadAsync(request, new UploadCountingStream(request.Body, memory), timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw ProblemTypes.InvalidParameters.Refuse(
                $"The image did not arrive within {pictures.Value.UploadTime.TotalSeconds:0} seconds; "
                + "send it again, over a faster connection or in a smaller size.");
        }
    }

    private static ImageInfo Inspect(NamedImage image, string? format)
    {
        var inspection = ImageInspector.Inspect(image.Bytes.Span);
        var refusal = inspection.IsAccepted ? Limits.Check(inspection.Info) : inspection.Refusal;

        // Of an image that is a parameter only the first frame or page is read.
        refusal ??= image.Name == NamedImage.PrimaryName ? inspection.Info!.CheckFrames(format) : null;
        return refusal is null ? inspection.Info! : throw refusal.Type.Refuse(refusal.Detail);
    }

    private static string Shorten(string text) => text.Length > 40 ? text[..40] + "…" : text;
}
