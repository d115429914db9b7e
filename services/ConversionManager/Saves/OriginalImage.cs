using ImageEditor.ConversionManager.Streams;
using ImageEditor.ConversionManager.Submissions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ImageEditor.ConversionManager.Saves;

/// <summary>Finds the image that was converted in a job's input.</summary>
internal static class OriginalImage
{
    /// <param name="input">The input.</param>
    /// <param name="contentType">Its media type.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The input itself, or the part <c>image</c> of a form; null when there is none.</returns>
    public static async Task<ReadOnlyMemory<byte>?> ExtractAsync(
        ReadOnlyMemory<byte> input, string contentType, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            return input;
        }

        if (HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 } boundary)
        {
            return null;
        }

        try
        {
            using var body = new MemoryStream(input.ToArray(), writable: false);
            var reader = new MultipartReader(boundary, body);
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                if (section.GetContentDispositionHeader()?.Name is { } name && HeaderUtilities.RemoveQuotes(name) == NamedImage.PrimaryName)
                {
                    return await LimitedBodyReader.ReadAsync(section.Body, length: null, input.Length, cancellationToken);
                }
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            // A form that cannot be read has no image.
        }

        return null;
    }
}
