using System.Text;
using ImageEditor.ConversionManager.Streams;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>Reads the images of a request: a raw body, or the parts of a form.</summary>
/// <param name="maxBytes">How many bytes each image may have.</param>
/// <param name="parts">The images that are parameters; null where the form has to say which there are, by its recipe.</param>
/// <param name="readRecipe">Reads that recipe, and says which images it takes.</param>
internal sealed class ImageRequestReader(int maxBytes, ImageParts? parts, Func<string, ImageParts> readRecipe)
{
    private const int MaxBoundaryLength = 100;
    private const int MaxRecipeBytes = 64 << 10;

    /// <summary>More than any recipe takes: until it is there, its images cannot be told from others.</summary>
    private const int MaxParts = 64;

    private ImageParts? _parts = parts;

    /// <returns>The images: first the one to convert, then the parameters by name.</returns>
    /// <exception cref="ProblemException">The request is refused.</exception>
    public async Task<IReadOnlyList<NamedImage>> ReadAsync(HttpRequest request, Stream content, CancellationToken cancellationToken)
    {
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            return await ReadFormAsync(content, type, cancellationToken);
        }

        if (_parts is null)
        {
            throw RecipeReader.NothingAskedFor();
        }

        if (_parts.Required.Any())
        {
            throw ProblemTypes.InvalidParameters.Refuse("This converter takes more than one image: "
                + $"send multipart/form-data with the parts {string.Join(", ", _parts.Required.Prepend(NamedImage.PrimaryName))}.");
        }

        var bytes = request.ContentLength > maxBytes ? throw TooLarge() : await ReadImageAsync(content, cancellationToken);
        return bytes.IsEmpty ? throw Empty() : [new NamedImage(NamedImage.PrimaryName, bytes)];
    }

    private async Task<IReadOnlyList<NamedImage>> ReadFormAsync(
        Stream content, MediaTypeHeaderValue type, CancellationToken cancellationToken)
    {
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (boundary is not { Length: > 0 and <= MaxBoundaryLength })
        {
            throw ProblemTypes.InvalidParameters.Refuse(
                "The form's Content-Type has no usable boundary; let your HTTP client set this header.");
        }

        var images = new SortedDictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        string? fileName = null;
        try
        {
            var reader = new MultipartReader(boundary, content);
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                _ = ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition);
                var name = ReadName(disposition);
                if (name == RecipeReader.RecipeName && _parts is null)
                {
                    _parts = readRecipe(await ReadRecipeAsync(section.Body, cancellationToken));
                }
                else if (images.Count == MaxParts)
                {
                    throw ProblemTypes.InvalidParameters.Refuse($"The form has more than {MaxParts} parts; no recipe takes so many.");
                }
                else if (!images.TryAdd(name, await ReadImageAsync(section.Body, cancellationToken)))
                {
                    throw ProblemTypes.InvalidParameters.Refuse($"The form has the part '{name}' twice; send each image once.");
                }

                if (name == NamedImage.PrimaryName)
                {
                    fileName = PictureName.Clean(disposition?.FileNameStar.Value ?? disposition?.FileName.Value);
                }
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw ProblemTypes.InvalidParameters.Refuse("The form is cut short or damaged; send it again.");
        }

        if (_parts is null)
        {
            throw RecipeReader.NothingAskedFor();
        }

        if (!images.Remove(NamedImage.PrimaryName, out var primary) || primary.IsEmpty)
        {
            throw Empty();
        }

        // Those that came before the recipe.
        foreach (var name in images.Keys)
        {
            CheckName(name);
        }

        return _parts.Required.FirstOrDefault(parameter => !images.ContainsKey(parameter)) is { } missing
            ? throw ProblemTypes.InvalidParameters.Refuse($"The form lacks the part '{missing}', an image that this converter needs.")
            :
            [
                new NamedImage(NamedImage.PrimaryName, primary, fileName),
                .. images.Select(image => new NamedImage(image.Key, image.Value)),
            ];
    }

    private string ReadName(ContentDispositionHeaderValue? disposition)
    {
        var name = disposition is null ? null : HeaderUtilities.RemoveQuotes(disposition.Name).Value;
        return CheckName(name);
    }

    /// <returns>The name, if there is to be a part of this name; any, as long as that is not known.</returns>
    private string CheckName(string? name) =>
        name is not null && (_parts is null || name == NamedImage.PrimaryName || _parts.Contains(name))
            ? name
            : throw ProblemTypes.InvalidParameters.Refuse($"The form has a part '{name}'. Its parts are the images "
                + $"({string.Join(", ", (_parts?.Names ?? []).Prepend(NamedImage.PrimaryName))}); all else goes in the query string.");

    private static async Task<string> ReadRecipeAsync(Stream content, CancellationToken cancellationToken) =>
        await LimitedBodyReader.ReadAsync(content, length: null, MaxRecipeBytes, cancellationToken) is { } bytes
            ? Encoding.UTF8.GetString(bytes.Span)
            : throw ProblemTypes.InvalidParameters.Refuse($"The part '{RecipeReader.RecipeName}' has more than {MaxRecipeBytes >> 10} KB.");

    /// <remarks>The length that was announced is not used: it must not make this process allocate memory.</remarks>
    private async Task<ReadOnlyMemory<byte>> ReadImageAsync(Stream content, CancellationToken cancellationToken) =>
        await LimitedBodyReader.ReadAsync(content, length: null, maxBytes, cancellationToken) ?? throw TooLarge();

    private ProblemException TooLarge() => ProblemTypes.TooLarge.Refuse(
        $"An image may have at most {maxBytes / 1_000_000.0:0.#} MB here; make it smaller or compress it more strongly.");

    private static ProblemException Empty() =>
        ProblemTypes.NotAnImage.Refuse("There is no image in the request; send one as its body, or as the part 'image' of a form.");
}
