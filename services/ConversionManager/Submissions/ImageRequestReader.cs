using ImageEditor.ConversionManager.Streams;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>Reads the images of a request: a raw body, or the parts of a form.</summary>
/// <param name="maxBytes">How many bytes each image may have.</param>
/// <param name="imageParameters">Names of the parameters that are images.</param>
/// <param name="required">Those of them that may not be left out.</param>
internal sealed class ImageRequestReader(int maxBytes, IReadOnlyList<string> imageParameters, IReadOnlyList<string> required)
{
    private const int MaxBoundaryLength = 100;

    /// <param name="request">The request.</param>
    /// <param name="content">Its body.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The images, the one to convert first and then the parameters by name; or why they are refused.</returns>
    public async Task<(IReadOnlyList<NamedImage>? Images, Problem? Refusal)> ReadAsync(HttpRequest request, Stream content, CancellationToken cancellationToken)
    {
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            return await ReadFormAsync(content, type, cancellationToken);
        }

        if (required.Count > 0)
        {
            return (null, FormNeeded());
        }

        // Not by its length: what only was announced takes no memory.
        var bytes = request.ContentLength > maxBytes ? null : await LimitedBodyReader.ReadAsync(content, length: null, maxBytes, cancellationToken);
        return bytes is null ? (null, TooLarge())
            : bytes.Value.IsEmpty ? (null, Empty())
            : ([new NamedImage(NamedImage.PrimaryName, bytes.Value)], null);
    }

    private async Task<(IReadOnlyList<NamedImage>? Images, Problem? Refusal)> ReadFormAsync(
        Stream content, MediaTypeHeaderValue type, CancellationToken cancellationToken)
    {
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (boundary is not { Length: > 0 and <= MaxBoundaryLength })
        {
            return (null, ProblemTypes.InvalidParameters.Create("The form's Content-Type has no usable boundary; let your HTTP client set this header."));
        }

        var images = new SortedDictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        try
        {
            var reader = new MultipartReader(boundary, content);
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                var name = ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
                    ? HeaderUtilities.RemoveQuotes(disposition.Name).Value
                    : null;
                if (name is null || (name != NamedImage.PrimaryName && !imageParameters.Contains(name)))
                {
                    return (null, ProblemTypes.InvalidParameters.Create(
                        $"The form has a part '{name}'. Its parts are the images ({string.Join(", ", imageParameters.Prepend(NamedImage.PrimaryName))}); all else goes in the query string."));
                }

                var bytes = await LimitedBodyReader.ReadAsync(section.Body, length: null, maxBytes, cancellationToken);
                if (bytes is null)
                {
                    return (null, TooLarge());
                }

                if (!images.TryAdd(name, bytes.Value))
                {
                    return (null, ProblemTypes.InvalidParameters.Create($"The form has the part '{name}' twice; send each image once."));
                }
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException and not BadHttpRequestException)
        {
            return (null, ProblemTypes.InvalidParameters.Create("The form is cut short or damaged; send it again."));
        }

        if (!images.Remove(NamedImage.PrimaryName, out var main) || main.IsEmpty)
        {
            return (null, Empty());
        }

        return required.FirstOrDefault(parameter => !images.ContainsKey(parameter)) is { } missing
            ? (null, ProblemTypes.InvalidParameters.Create($"The form lacks the part '{missing}', an image that this converter needs."))
            : ([new NamedImage(NamedImage.PrimaryName, main), .. images.Select(image => new NamedImage(image.Key, image.Value))], null);
    }

    private Problem FormNeeded() => ProblemTypes.InvalidParameters.Create(
        $"This converter takes more than one image: send multipart/form-data with the parts {string.Join(", ", required.Prepend(NamedImage.PrimaryName))}.");

    private Problem TooLarge() => ProblemTypes.TooLarge.Create(
        $"An image may have at most {maxBytes / 1_000_000.0:0.#} MB here; make it smaller or compress it more strongly.");

    private static Problem Empty() => ProblemTypes.NotAnImage.Create("There is no image in the request; send one as its body, or as the part 'image' of a form.");
}
