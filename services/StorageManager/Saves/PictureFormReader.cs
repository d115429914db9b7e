using System.Text.Json;
using ImageEditor.ServiceDefaults.Configuration;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;
using ImageEditor.StorageManager.Gallery;
using ImageEditor.StorageManager.ImageStorage;
using ImageEditor.StorageManager.Pictures;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ImageEditor.StorageManager.Saves;

/// <summary>Reads the body of a save, and streams its images to image storage.</summary>
internal sealed class PictureFormReader(
    IImageStorage storage, IOptions<PictureOptions> pictures, IOptions<GalleryOptions> options)
{
    private const string Metadata = "metadata";
    private const int MaxMetadataBytes = 128 << 10;
    private const int MaxBoundaryCharacters = 100;

    /// <summary>Reads the body to its end.</summary>
    /// <returns>The picture; its images are in image storage.</returns>
    /// <exception cref="ProblemException">The body is invalid or too long.</exception>
    /// <exception cref="ImageStorageException">An image could not be stored.</exception>
    public async Task<Picture> ReadAsync(HttpRequest request, ImageLocation location, CancellationToken cancellationToken)
    {
        var reader = new MultipartReader(ReadBoundary(request), request.Body);
        var images = new Dictionary<ImageKind, StoredPart>();
        PictureMetadata? metadata = null;
        while (await ReadNextPartAsync(reader, cancellationToken) is { } part)
        {
            var name = part.GetContentDispositionHeader()?.Name.Value;
            if (name == Metadata && metadata is null)
            {
                metadata = await ReadMetadataAsync(part.Body, cancellationToken);
            }
            else if (ImageKinds.TryParse(name, out var kind) && !images.ContainsKey(kind))
            {
                images[kind] = await StoreAsync(part, location, kind, cancellationToken);
            }
            else
            {
                throw ProblemTypes.InvalidParameters.Refuse(
                    "The body has the parts metadata, original, converted and, optionally, thumbnail and display, each once.");
            }
        }

        if (metadata is null
            || !images.TryGetValue(ImageKind.Original, out var original)
            || !images.TryGetValue(ImageKind.Converted, out var converted))
        {
            throw ProblemTypes.InvalidParameters.Refuse("The body has the parts metadata, original and converted; one is missing.");
        }

        return new Picture(
            location,
            metadata.CreatedAt!.Value.UtcDateTime,

            // A name was checked when it came. Whatever may be wrong with it, a picture is not refused for it.
            PictureName.Clean(metadata.Name),
            metadata.Recipe ?? [new RecipeStep(metadata.Converter!, metadata.Parameters)],
            original.WithSize(metadata.Original!),
            converted.WithSize(metadata.Converted!),
            Optional(ImageKind.Thumbnail, metadata.Thumbnail),
            Optional(ImageKind.Display, metadata.Display));

        StoredImage? Optional(ImageKind kind, ImageSize? size) => (images.GetValueOrDefault(kind), size) switch
        {
            ({ } image, { } known) => image.WithSize(known),
            (null, null) => null,
            _ => throw ProblemTypes.InvalidParameters.Refuse($"The part {kind.Name()} and the metadata's {kind.Name()} come together."),
        };
    }

    private async Task<StoredPart> StoreAsync(
        MultipartSection part, ImageLocation location, ImageKind kind, CancellationToken cancellationToken)
    {
        var type = MediaTypeHeaderValue.TryParse(part.ContentType, out var parsed) ? parsed.MediaType.Value : null;
        if (!ImageTypes.IsKnown(type))
        {
            throw ProblemTypes.InvalidParameters.Refuse($"The part '{kind.Name()}' has a Content-Type of {ImageTypes.All}.");
        }

        await using var image = new HashingStream(part.Body, kind.Name(), MaxBytes(kind));
        await storage.WriteAsync(location, kind, image, cancellationToken);
        return image.Bytes > 0
            ? new StoredPart(type.ToLowerInvariant(), image.Bytes, image.Hash())
            : throw ProblemTypes.InvalidParameters.Refuse($"The part '{kind.Name()}' is empty.");
    }

    private long MaxBytes(ImageKind kind) => kind switch
    {
        ImageKind.Original => pictures.Value.MaxBytes,
        ImageKind.Converted => options.Value.MaxConvertedBytes,
        ImageKind.Thumbnail => options.Value.MaxThumbnailBytes,
        _ => options.Value.MaxDisplayBytes,
    };

    private static async Task<PictureMetadata> ReadMetadataAsync(Stream body, CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        await using var limited = new HashingStream(body, Metadata, MaxMetadataBytes);
        await limited.CopyToAsync(text, cancellationToken);
        try
        {
            var metadata = JsonSerializer.Deserialize<PictureMetadata>(
                text.GetBuffer().AsSpan(0, (int)text.Length), JsonSerializerOptions.Web);
            return metadata is null ? throw ProblemTypes.InvalidParameters.Refuse("The part 'metadata' is a JSON object.")
                : metadata.ValidationError is { } error ? throw ProblemTypes.InvalidParameters.Refuse(error)
                : metadata;
        }
        catch (JsonException exception)
        {
            throw ProblemTypes.InvalidParameters.Refuse("The part 'metadata' is not the JSON that it should be: " + exception.Message);
        }
    }

    private static async Task<MultipartSection?> ReadNextPartAsync(MultipartReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadNextSectionAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException and not BadHttpRequestException or InvalidDataException)
        {
            throw ProblemTypes.InvalidParameters.Refuse("The body broke off, or is no multipart/form-data.");
        }
    }

    private static string ReadBoundary(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 and <= MaxBoundaryCharacters } boundary
            ? boundary
            : throw ProblemTypes.InvalidParameters.Refuse("The body is multipart/form-data with a boundary.");

    /// <summary>An image that is in image storage.</summary>
    private sealed record StoredPart(string Type, long Bytes, byte[] Hash)
    {
        public StoredImage WithSize(ImageSize size) => new(Type, Bytes, Hash, size.Width, size.Height);
    }
}
