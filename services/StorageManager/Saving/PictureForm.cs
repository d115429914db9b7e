using System.Text.Json;
using ImageEditor.StorageManager.ImageStorage;
using ImageEditor.StorageManager.Pictures;
using ImageEditor.StorageManager.Settings;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ImageEditor.StorageManager.Saving;

/// <summary>Reads a save's body, and streams its images to image storage as they come.</summary>
internal sealed class PictureForm(IImageStorage storage, IOptions<GalleryOptions> options)
{
    private const string Metadata = "metadata";
    private const int LongestMetadata = 128 << 10;
    private const int LongestBoundary = 100;

    /// <summary>Reads the body to its end.</summary>
    /// <returns>The picture; its images are in image storage.</returns>
    /// <exception cref="BadHttpRequestException">The body is not as it should be.</exception>
    /// <exception cref="ImageStorageException">An image could not be kept.</exception>
    public async Task<Picture> ReadAsync(HttpRequest request, PicturePlace place, CancellationToken cancellationToken)
    {
        var reader = new MultipartReader(Boundary(request), request.Body);
        var images = new Dictionary<ImageKind, (string Type, long Bytes, byte[] Hash)>();
        PictureMetadata? metadata = null;
        while (await NextAsync(reader, cancellationToken) is { } part)
        {
            var name = part.GetContentDispositionHeader()?.Name.Value;
            if (name == Metadata && metadata is null)
            {
                metadata = await ReadMetadataAsync(part.Body, cancellationToken);
            }
            else if (ImageKinds.TryParse(name, out var kind) && !images.ContainsKey(kind))
            {
                images[kind] = await KeepAsync(part, place, kind, cancellationToken);
            }
            else
            {
                throw new BadHttpRequestException("The body has the parts metadata, original, converted and, optionally, thumbnail, each once.");
            }
        }

        if (metadata is null || !images.TryGetValue(ImageKind.Original, out var original) || !images.TryGetValue(ImageKind.Converted, out var converted))
        {
            throw new BadHttpRequestException("The body has the parts metadata, original and converted; one is missing.");
        }

        if (metadata.Thumbnail is null == images.ContainsKey(ImageKind.Thumbnail))
        {
            throw new BadHttpRequestException("The part thumbnail and the metadata's thumbnail come together.");
        }

        return new Picture(
            place,
            metadata.CreatedAt!.Value.UtcDateTime,
            metadata.Converter!,
            metadata.Parameters.GetRawText(),
            Image(original, metadata.Original!),
            Image(converted, metadata.Converted!),
            metadata.Thumbnail is { } size ? Image(images[ImageKind.Thumbnail], size) : null);
    }

    private async Task<(string Type, long Bytes, byte[] Hash)> KeepAsync(MultipartSection part, PicturePlace place, ImageKind kind, CancellationToken cancellationToken)
    {
        var type = MediaTypeHeaderValue.TryParse(part.ContentType, out var parsed) ? parsed.MediaType.Value : null;
        if (!ImageTypes.IsKnown(type))
        {
            throw new BadHttpRequestException($"The part '{kind.Name()}' has a Content-Type of {ImageTypes.All}.");
        }

        await using var image = new MeasuredStream(part.Body, kind.Name(), options.Value.MaxBytes(kind));
        await storage.WriteAsync(place, kind, image, cancellationToken);
        return image.Bytes > 0
            ? (type.ToLowerInvariant(), image.Bytes, image.Hash())
            : throw new BadHttpRequestException($"The part '{kind.Name()}' is empty.");
    }

    private static async Task<PictureMetadata> ReadMetadataAsync(Stream body, CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        await using var bounded = new MeasuredStream(body, Metadata, LongestMetadata);
        await bounded.CopyToAsync(text, cancellationToken);
        try
        {
            var metadata = JsonSerializer.Deserialize<PictureMetadata>(text.GetBuffer().AsSpan(0, (int)text.Length), JsonSerializerOptions.Web);
            return metadata?.Mistake is null && metadata is not null
                ? metadata
                : throw new BadHttpRequestException(metadata?.Mistake ?? "The part 'metadata' is a JSON object.");
        }
        catch (JsonException exception)
        {
            throw new BadHttpRequestException("The part 'metadata' is not the JSON that it should be: " + exception.Message, exception);
        }
    }

    private static async Task<MultipartSection?> NextAsync(MultipartReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadNextSectionAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException and not BadHttpRequestException or InvalidDataException)
        {
            throw new BadHttpRequestException("The body broke off, or is no multipart/form-data.", exception);
        }
    }

    private static string Boundary(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 and <= LongestBoundary } boundary
            ? boundary
            : throw new BadHttpRequestException("The body is multipart/form-data with a boundary.");

    private static StoredImage Image((string Type, long Bytes, byte[] Hash) kept, ImageSize size) => new(kept.Type, kept.Bytes, kept.Hash, size.Width, size.Height);
}
