using System.Net.Http.Headers;
using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Pipeline;
using ImageEditor.Converters.Settings;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ImageEditor.Converters.Http;

/// <summary>
/// Reads the images of a request: one as the whole body, or several as parts of a form. The server stops a body that is too long.
/// </summary>
internal static class InputImages
{
    private const string Form = "multipart/form-data";

    /// <returns>The images by name, <see cref="Conversion.InputName"/> among them.</returns>
    /// <exception cref="ProblemException">400: the form is not what the converter's parameters ask for.</exception>
    /// <exception cref="BadHttpRequestException">413: the body is longer than <see cref="ConverterOptions.MaxInputBytes"/>.</exception>
    public static async Task<IReadOnlyDictionary<string, byte[]>> ReadAsync(
        HttpRequest request, IReadOnlyList<ImageParameter> parameters, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !Form.Equals(type.MediaType, StringComparison.OrdinalIgnoreCase))
        {
            var image = await ReadAsync(request.Body, request.ContentLength, cancellationToken);
            return new Dictionary<string, byte[]> { [Conversion.InputName] = image };
        }

        var boundary = type.Parameters.FirstOrDefault(parameter => parameter.Name == "boundary")?.Value?.Trim('"');
        if (string.IsNullOrEmpty(boundary))
        {
            throw Refuse("A form needs a boundary in its Content-Type.");
        }

        var images = await ReadFormAsync(new MultipartReader(boundary, request.Body), parameters, cancellationToken);
        return images.ContainsKey(Conversion.InputName)
            ? images
            : throw Refuse($"The form has no part '{Conversion.InputName}'; send the picture as one.");
    }

    private static async Task<Dictionary<string, byte[]>> ReadFormAsync(
        MultipartReader reader, IReadOnlyList<ImageParameter> parameters, CancellationToken cancellationToken)
    {
        var images = new Dictionary<string, byte[]>();
        try
        {
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                var name = ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
                    ? disposition.Name?.Trim('"')
                    : null;
                if (name is null || (name != Conversion.InputName && parameters.All(parameter => parameter.Name != name)))
                {
                    var allowed = string.Join(", ", parameters.Select(parameter => parameter.Name).Prepend(Conversion.InputName));
                    throw Refuse($"The form may have only these parts: {allowed}. Other parameters go into the address.");
                }

                if (!images.TryAdd(name, await ReadAsync(section.Body, length: null, cancellationToken)))
                {
                    throw Refuse($"The form has more than one part '{name}'.");
                }
            }
        }
        catch (Exception exception) when (exception is InvalidDataException
            || (exception is IOException and not BadHttpRequestException && !cancellationToken.IsCancellationRequested))
        {
            throw Refuse("The form could not be read to its end; compare it with RFC 7578.");
        }

        return images;
    }

    private static async Task<byte[]> ReadAsync(Stream body, long? length, CancellationToken cancellationToken)
    {
        if (length is { } exact)
        {
            // The server has already refused a length past its limit, and it delivers exactly as many bytes as the header says.
            var bytes = new byte[exact];
            await body.ReadExactlyAsync(bytes, cancellationToken);
            return bytes;
        }

        var buffer = new MemoryStream();
        await body.CopyToAsync(buffer, cancellationToken);
        return buffer.ToArray();
    }

    private static ProblemException Refuse(string detail) => ProblemTypes.InvalidParameters.Refuse(detail);
}
