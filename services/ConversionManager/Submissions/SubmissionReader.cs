using System.Text.Json.Nodes;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.ConversionManager.ImageInspection.Containers;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>Reads a request for a conversion, and refuses what could never work, before anything is stored.</summary>
internal sealed class SubmissionReader(ConverterCatalog catalog, IOptions<SubmissionOptions> options)
{
    private const string ConverterParameter = "converter";
    private static readonly ImageLimits Limits = new();
    private static readonly TimeSpan MissingDescriptorRetryAfter = TimeSpan.FromSeconds(2);

    /// <param name="request">The request.</param>
    /// <param name="memory">Counts the bytes that are held for it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The submission, or why it is refused.</returns>
    public async Task<(Submission? Submission, Problem? Refusal)> ReadAsync(HttpRequest request, UploadMemoryBudget.Reservation memory, CancellationToken cancellationToken)
    {
        var (converter, info, refusal) = FindConverter(request.Query[ConverterParameter]);
        if (refusal is not null)
        {
            return (null, refusal);
        }

        var (parameters, error) = info!.Schema.Read(
            from pair in request.Query
            where pair.Key != ConverterParameter
            from text in pair.Value
            select KeyValuePair.Create(pair.Key, text ?? ""));
        if (error is not null)
        {
            return (null, ProblemTypes.InvalidParameters.Create(error));
        }

        var body = new ImageRequestReader(options.Value.MaxImageBytes, info.Schema.ImageParameters, info.Schema.RequiredImages);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.Value.UploadTimeout);
        IReadOnlyList<NamedImage>? images;
        try
        {
            (images, refusal) = await body.ReadAsync(request, new UploadCountingStream(request.Body, memory), timeout.Token);
        }
        catch (UploadRoomFullException)
        {
            return (null, UploadRoomFullException.Problem);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, ProblemTypes.InvalidParameters.Create(
                $"The image did not arrive within {options.Value.UploadTimeout.TotalSeconds:0} seconds; send it again, over a faster connection or in a smaller size."));
        }

        if (refusal is not null)
        {
            return (null, refusal);
        }

        foreach (var image in images!)
        {
            if (Check(image.Bytes) is { } problem)
            {
                return (null, problem);
            }
        }

        return (Combine(converter!, parameters!, images), null);
    }

    private (Converter? Converter, ConverterInfo? Knowledge, Problem? Refusal) FindConverter(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return (null, null, ProblemTypes.InvalidParameters.Create($"Name a converter in the query string, as in ?{ConverterParameter}=grayscale; GET /api/converters lists them."));
        }

        if (catalog.Find(name) is not { } converter || converter.Info is { Descriptor.Public: false })
        {
            return (null, null, ProblemTypes.UnknownConverter.Create($"There is no converter '{Shorten(name)}'; GET /api/converters lists those there are."));
        }

        return converter.Info is { } info
            ? (converter, info, null)
            : (null, null, ProblemTypes.Unavailable.Create($"The converter '{name}' has not answered yet, so its parameters are not known; try again in a moment.", MissingDescriptorRetryAfter));
    }

    private static Problem? Check(ReadOnlyMemory<byte> bytes)
    {
        var inspection = ImageInspector.Inspect(bytes.Span);
        var refusal = inspection.IsAccepted ? Limits.Check(inspection.Info) : inspection.Refusal;
        return refusal?.Type.Create(refusal.Detail);
    }

    private static Submission Combine(Converter converter, JsonObject parameters, IReadOnlyList<NamedImage> images)
    {
        if (images.Count == 1)
        {
            var only = images[0];
            return new Submission(converter, parameters, only.Bytes, ImageInspector.FormatOf(only.Bytes.Span)!.Value.MediaType());
        }

        var (form, contentType) = MultipartImageWriter.Write(images);
        return new Submission(converter, parameters, form, contentType);
    }

    private static string Shorten(string text) => text.Length > 40 ? text[..40] + "…" : text;
}
